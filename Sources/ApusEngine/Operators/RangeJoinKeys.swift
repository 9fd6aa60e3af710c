import ApusPlanner
import ApusValues
import ApusVectors

/// The inequalities of a join without equalities by which right rows are found in an order, instead
/// of looking at all of them.
///
/// All conditions on `first` narrow the right rows to neighbours in its order; one on `second` picks
/// from these.
struct RangeJoinKeys: Sendable {
  /// Expressions over the kept right columns.
  var first: any CompiledExpression
  var second: (any CompiledExpression)?
  /// How `first` compares with the left values, each one of `<`, `<=`, `>`, `>=`.
  var firstOperators: [Comparison.Operator]
  var secondOperator: Comparison.Operator?

  /// Whether values of a type are ordered as words of 64 bits are.
  static func isOrdered(_ type: SQLType) -> Bool {
    switch type.physicalType {
    case .int8, .int16, .int32, .int64, .float32, .float64: true
    case .boolean, .int128, .string: false
    }
  }
}

/// What the right keys are compared with: expressions over the left batches.
struct RangeJoinBounds: Sendable {
  /// One for each of the first operators.
  var first: [any CompiledExpression]
  var second: (any CompiledExpression)?
  /// What pairs must satisfy besides.
  var filter: PairFilter?
}

/// Values as unsigned words of the same order.
///
/// Safety: read only.
struct OrderWords: @unchecked Sendable {
  let words: [UInt64]
  /// 0 for NULL and NaN, with which no comparison is true; nil if there is none.
  let isComparable: [UInt8]?

  init(_ column: ColumnVector) throws(SQLError) {
    let flat = column.flattened()
    let count = flat.count
    var isComparable: [UInt8]?
    if let validity = flat.validity {
      isComparable = Array(UnsafeBufferPointer(start: validity, count: count))
    }
    func words<Element>(of element: Element.Type, _ word: (Element) -> UInt64) -> [UInt64] {
      let values = flat.values(as: Element.self)
      return [UInt64](unsafeUninitializedCapacity: count) { output, initialized in
        for row in 0..<count { output[row] = word(values[row]) }
        initialized = count
      }
    }
    func excludeNaN<Element: BinaryFloatingPoint>(_ element: Element.Type) {
      let values = flat.values(as: Element.self)
      for row in 0..<count where values[row].isNaN {
        if isComparable == nil { isComparable = Array(repeating: 1, count: count) }
        isComparable?[row] = 0
      }
    }
    let sign: UInt64 = 1 << 63
    switch flat.type.physicalType {
    case .int8: self.words = words(of: Int8.self) { UInt64(bitPattern: Int64($0)) ^ sign }
    case .int16: self.words = words(of: Int16.self) { UInt64(bitPattern: Int64($0)) ^ sign }
    case .int32: self.words = words(of: Int32.self) { UInt64(bitPattern: Int64($0)) ^ sign }
    case .int64: self.words = words(of: Int64.self) { UInt64(bitPattern: $0) ^ sign }
    case .float32:
      self.words = words(of: Float.self) { SortKeyWords.ordered(Double($0)) }
      excludeNaN(Float.self)
    case .float64:
      self.words = words(of: Double.self) { SortKeyWords.ordered($0) }
      excludeNaN(Double.self)
    case .boolean, .int128, .string:
      throw .internal("\(flat.type) is not ordered as words are")
    }
    self.isComparable = isComparable
    extendLifetime(flat)
  }

  private init(words: [UInt64], isComparable: [UInt8]?) {
    self.words = words
    self.isComparable = isComparable
  }

  /// The words of the rows at `rows`, in that order.
  func gathered(_ rows: UnsafeBufferPointer<Int32>) -> OrderWords {
    OrderWords(
      words: rows.map { words[Int($0)] },
      isComparable: isComparable.map { flags in rows.map { flags[Int($0)] } }
    )
  }

  @inline(__always)
  func isComparable(_ row: Int) -> Bool { isComparable.map { $0[row] != 0 } ?? true }
}
