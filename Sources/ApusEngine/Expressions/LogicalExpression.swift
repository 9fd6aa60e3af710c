import ApusPlanner
import ApusValues
import ApusVectors

/// AND or OR in three-valued logic. A term is evaluated only for rows that the terms before it
/// leave undecided; errors of rows that any term decides are dropped.
struct LogicalExpression: CompiledExpression {
  let op: Logical.Operator
  let terms: [any CompiledExpression]

  var type: SQLType { .boolean }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    var accumulator = LogicalAccumulator(op, rows: rows)
    for (index, term) in terms.enumerated() {
      if index > 0 { accumulator.narrow() }
      if accumulator.undecided.isEmpty { break }
      var termErrors = RowErrors()
      let value = try term.evaluate(batch, rows: accumulator.undecided, errors: &termErrors)
      accumulator.add(value, errors: termErrors)
    }
    return accumulator.finish(errors: &errors)
  }
}

/// The AND or OR of boolean vectors that come one after the other.
///
/// OR is computed as NOT of the AND of NOTs, so that there is one piece of logic: a row is decided
/// when a term is FALSE, and TRUE in the end if no term was FALSE or NULL. A decided row may be given
/// to further terms: they cannot change it.
struct LogicalAccumulator {
  /// The rows to evaluate the next term for: all that no term has decided, and perhaps some more.
  private(set) var undecided: Selection
  /// 1 for OR: what turns TRUE to FALSE on the way in and out.
  private let flip: UInt8
  private let builder: VectorBuilder
  private let isTrue: UnsafeMutablePointer<UInt8>
  /// 1 while no term was FALSE; only kept once a term had NULLs, else it equals `isTrue`.
  private var isNotFalse: UnsafeMutablePointer<UInt8>?
  private var errors = RowErrors()

  init(_ op: Logical.Operator, rows: Selection) {
    undecided = rows
    flip = op == .or ? 1 : 0
    builder = VectorBuilder(type: .boolean, capacity: rows.rowCount)
    isTrue = builder.values(as: UInt8.self)
    isTrue.initialize(repeating: 1, count: rows.rowCount)
  }

  /// Adds a term that was evaluated for the undecided rows.
  mutating func add(_ term: ColumnVector, errors termErrors: RowErrors) {
    errors.append(termErrors)
    if term.encoding == .constant, !term.isNull(0), termErrors.isEmpty {
      if term.values(as: UInt8.self)[0] ^ flip == 1 { return }
      let isNotFalse = isNotFalse
      let isTrue = isTrue
      undecided.visit { row in
        isTrue[row] = 0
        isNotFalse?[row] = 0
      }
      undecided = Selection(rowCount: undecided.rowCount, indices: [])
      return
    }
    let term = term.flattened()
    defer { extendLifetime(term) }
    let values = term.values(as: UInt8.self)
    let isTrue = isTrue
    let flip = flip
    if let validity = term.validity {
      let isNotFalse = makeIsNotFalse()
      forEachUndecided { row in
        let value = values[row] ^ flip
        isTrue[row] &= value & validity[row]
        isNotFalse[row] &= value | (validity[row] ^ 1)
      }
    } else if let isNotFalse {
      forEachUndecided { row in
        let value = values[row] ^ flip
        isTrue[row] &= value
        isNotFalse[row] &= value
      }
    } else {
      forEachUndecided { row in isTrue[row] &= values[row] ^ flip }
    }
  }

  /// Leaves decided rows out of `undecided` if they are many enough to be worth the list of others.
  mutating func narrow() {
    let isOpen = UnsafePointer(isNotFalse ?? isTrue)
    var open = 0
    if undecided.indices == nil {
      for row in 0..<undecided.rowCount { open &+= Int(isOpen[row]) }
    } else {
      undecided.visit { row in open &+= Int(isOpen[row]) }
    }
    if open * 4 <= undecided.count * 3 { undecided = undecided.filter { isOpen[$0] != 0 } }
  }

  /// Returns the value of the rows that the accumulator began with, and adds their errors.
  func finish(errors target: inout RowErrors) -> ColumnVector {
    let count = undecided.rowCount
    let isTrue = isTrue
    if !errors.isEmpty {
      let isOpen = UnsafePointer(isNotFalse ?? isTrue)
      var kept = errors
      kept.filter { row, _ in isOpen[row] != 0 }
      target.append(kept)
    }
    if let isNotFalse {
      // TRUE and FALSE are known, what is neither is NULL.
      for row in 0..<count { isNotFalse[row] = isTrue[row] | (isNotFalse[row] ^ 1) }
    }
    if flip == 1 {
      for row in 0..<count { isTrue[row] ^= 1 }
    }
    return builder.finish(count: count)
  }

  @inline(__always)
  private func forEachUndecided(_ body: (Int) -> Void) {
    undecided.visit(body)
  }

  private mutating func makeIsNotFalse() -> UnsafeMutablePointer<UInt8> {
    if let isNotFalse { return isNotFalse }
    let pointer = builder.makeValidity()
    pointer.update(from: isTrue, count: undecided.rowCount)
    isNotFalse = pointer
    return pointer
  }
}
