import CApusKernels

/// Which rows of a batch matter: all of the first `rowCount`, or those at ascending positions.
public struct Selection: Sendable {
  /// The number of rows of the batch.
  public let rowCount: Int
  /// Ascending positions in 0..<rowCount; nil means all rows.
  public let indices: [Int32]?

  public init(rowCount: Int, indices: [Int32]?) {
    self.rowCount = rowCount
    self.indices = indices
  }

  public static func all(_ rowCount: Int) -> Selection {
    Selection(rowCount: rowCount, indices: nil)
  }

  /// The number of rows selected.
  public var count: Int { indices?.count ?? rowCount }

  public var isEmpty: Bool { count == 0 }

  /// Returns those of the selected rows where a boolean vector is true (not false, not NULL).
  ///
  /// - Parameter predicate: a boolean vector of `rowCount` rows.
  public func intersection(whereTrue predicate: ColumnVector) -> Selection {
    if predicate.encoding == .constant {
      let isTrue = !predicate.isNull(0) && predicate.values(as: UInt8.self).pointee != 0
      return isTrue ? self : Selection(rowCount: rowCount, indices: [])
    }
    let flat = predicate.flattened()
    return withExtendedLifetime(flat) {
      let values = flat.values(as: UInt8.self)
      let validity = flat.validity
      let kept = [Int32](unsafeUninitializedCapacity: count) { output, keptCount in
        guard let indices else {
          keptCount = apus_select(values, validity, rowCount, output.baseAddress)
          return
        }
        var position = 0
        for row in indices {
          output[position] = row
          position += Int(values[Int(row)] & (validity?[Int(row)] ?? 1))
        }
        keptCount = position
      }
      return kept.count == rowCount ? .all(rowCount) : Selection(rowCount: rowCount, indices: kept)
    }
  }

  /// Calls `body` with each selected row.
  @inlinable
  public func visitRows<Failure: Error>(_ body: (Int) throws(Failure) -> Void) throws(Failure) {
    if let indices {
      for index in indices { try body(Int(index)) }
    } else {
      for row in 0..<rowCount { try body(row) }
    }
  }
}
