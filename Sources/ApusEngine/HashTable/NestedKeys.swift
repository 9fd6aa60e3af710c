import ApusValues
import ApusVectors

extension ColumnVector {
  /// Nested values such that the same ones have the same bytes: maps in the order of their keys, 0.0
  /// for -0.0, one NaN.
  ///
  /// - Parameter areEqual: whether they are found by `=`, for which a NULL inside makes a value
  ///   equal to nothing: it becomes NULL.
  func nestedKeys(areEqual: Bool) -> ColumnVector {
    let type = type
    guard areEqual || type.hasVariants else { return self }
    let builder = VectorBuilder(type: type, capacity: count)
    for row in 0..<count {
      let value = value(row)
      let isUnknown = areEqual && value.containsNull
      builder.set(row, isUnknown ? .null : value.key(as: type))
    }
    return builder.finish(count: count)
  }
}

extension SQLType {
  /// Whether the same value may have different bytes.
  fileprivate var hasVariants: Bool {
    switch self {
    case .real, .double, .map, .timeWithTimeZone, .timestampWithTimeZone: true
    case .array(let element): element.hasVariants
    case .row(let fields): fields.contains { $0.type.hasVariants }
    default: false
    }
  }
}

extension Value {
  fileprivate var containsNull: Bool {
    switch self {
    case .null: true
    case .array(let values), .row(let values): values.contains(where: \.containsNull)
    case .map(let entries): entries.contains { $0.value.containsNull }
    default: false
    }
  }

  /// The one form of values that are the same.
  fileprivate func key(as type: SQLType) -> Value {
    switch (self, type) {
    case (.real(let value), _): .real(value == 0 ? 0 : value.isNaN ? .nan : value)
    case (.double(let value), _): .double(value == 0 ? 0 : value.isNaN ? .nan : value)
    case (.zoned(let time), _):
      .zoned(ZonedTime(picoseconds: time.picoseconds, zone: .utc))
    case (.array(let values), .array(let element)): .array(values.map { $0.key(as: element) })
    case (.row(let values), .row(let fields)):
      .row(zip(values, fields).map { $0.key(as: $1.type) })
    case (.map(let entries), .map(let keyType, let valueType)):
      .map(
        entries.map { MapEntry($0.key.key(as: keyType), $0.value.key(as: valueType)) }
          .sorted { Value.compare($0.key, $1.key) < 0 }
      )
    default: self
    }
  }
}
