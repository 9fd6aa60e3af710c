import ApusValues
import ApusVectors

// What kernels read and how they find their rows.
//
// A kernel meets two shapes only: flat, a value per row, and constant, one value for all rows. A
// dictionary vector is decoded before (or its entries are worked on instead of its rows, see
// `DictionaryMemo`). A stride of 1 or 0 tells the shapes apart without a branch.
//
// Safety: an operand's pointers live as long as the vector it was made of; whoever makes one from a
// local vector calls `extendLifetime` on it after the last use. Rows are below the vector's count.

/// The values and the validity of a vector that is flat or constant.
struct KernelOperand<Element> {
  let values: UnsafePointer<Element>
  let validity: UnsafePointer<UInt8>?
  /// 1 for a value per row, 0 for one value for all rows.
  let stride: Int

  @inline(__always)
  subscript(row: Int) -> Element { values[row &* stride] }

  @inline(__always)
  func isNull(_ row: Int) -> Bool {
    guard let validity else { return false }
    return validity[row &* stride] == 0
  }
}

extension ColumnVector {
  /// The vector without its dictionary: flat or constant.
  var decoded: ColumnVector { encoding == .dictionary ? flattened() : self }

  /// Whether every row is NULL because the one value is.
  var isNullConstant: Bool { encoding == .constant && isNull(0) }

  /// Reads a decoded vector.
  @inline(__always)
  func operand<Element>(as element: Element.Type) -> KernelOperand<Element> {
    KernelOperand(
      values: values(as: element),
      validity: validity,
      stride: encoding == .constant ? 0 : 1
    )
  }

  /// Returns `count` NULLs.
  static func nulls(_ type: SQLType, count: Int) -> ColumnVector {
    constant(.null, type: type, count: count)
  }

  /// Returns the first value for every one of `count` rows.
  func repeated(_ count: Int) -> ColumnVector {
    ColumnVector(type: type, count: count, encoding: .constant, storage: storage)
  }
}

extension Selection {
  /// Whether a kernel without errors does better to compute all rows than to pick the selected.
  var isDense: Bool {
    guard let indices else { return true }
    return indices.count &* 4 >= rowCount
  }

  /// Calls `body` with each selected row, ascending.
  @inline(__always)
  func visit(_ body: (Int) -> Void) {
    if let indices {
      for index in indices { body(Int(index)) }
    } else {
      for row in 0..<rowCount { body(row) }
    }
  }

  /// Returns the selected rows for which `keep` holds.
  @inline(__always)
  func filter(_ keep: (Int) -> Bool) -> Selection {
    let kept = [Int32](unsafeUninitializedCapacity: count) { output, keptCount in
      var position = 0
      visit { row in
        output[position] = Int32(truncatingIfNeeded: row)
        position += keep(row) ? 1 : 0
      }
      keptCount = position
    }
    return kept.count == rowCount ? .all(rowCount) : Selection(rowCount: rowCount, indices: kept)
  }
}

extension VectorBuilder {
  /// Fills the values with zeros: what rows hold that no kernel writes.
  func zeroValues() {
    rawValues.initializeMemory(
      as: UInt8.self,
      repeating: 0,
      count: capacity * type.physicalType.stride
    )
  }

  /// Returns the vector of one value as a constant of `count` rows.
  func finishConstant(count: Int) -> ColumnVector {
    ColumnVector(type: type, count: count, encoding: .constant, storage: finish(count: 1).storage)
  }

  /// Makes a row NULL wherever `vector`, flat or a constant that is not NULL, is.
  func mergeValidity(of vector: ColumnVector) {
    guard vector.encoding == .flat, let source = vector.validity else { return }
    let count = vector.count
    if let validity {
      for row in 0..<count { validity[row] &= source[row] }
    } else {
      makeValidity().update(from: source, count: count)
    }
  }
}
