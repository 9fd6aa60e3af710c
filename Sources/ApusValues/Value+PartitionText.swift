extension Value {
  /// Reads a value from the name of a partition: `03` is the integer 3.
  ///
  /// - Returns: nil for a text that is no value of the type, and for types without partitions.
  public init?(partitionText text: String, as type: SQLType) {
    switch type {
    case .boolean:
      switch text.lowercased() {
      case "true": self = .boolean(true)
      case "false": self = .boolean(false)
      default: return nil
      }
    case .tinyint:
      guard let value = Int8(text) else { return nil }
      self = .integer(Int64(value))
    case .smallint:
      guard let value = Int16(text) else { return nil }
      self = .integer(Int64(value))
    case .integer:
      guard let value = Int32(text) else { return nil }
      self = .integer(Int64(value))
    case .bigint:
      guard let value = Int64(text) else { return nil }
      self = .integer(value)
    case .real:
      guard let value = Float(text) else { return nil }
      self = .real(value)
    case .double:
      guard let value = Double(text) else { return nil }
      self = .double(value)
    case .date:
      guard let value = CalendarDate(text) else { return nil }
      self = .integer(Int64(value.daysSinceEpoch))
    case .varchar: self = .text(text)
    case .char: self = .text(String(text.reversed().drop { $0 == " " }.reversed()))
    case .decimal(let precision, let scale):
      guard let parsed = Decimal.parse(text), parsed.scale <= scale,
        let unscaled = Decimal.rescale(
          parsed.unscaled,
          from: parsed.scale,
          to: scale,
          precision: precision
        )
      else { return nil }
      self = precision <= 18 ? .integer(Int64(truncatingIfNeeded: unscaled)) : .wide(unscaled)
    default:
      return nil
    }
  }

  /// The value as the name of a partition has it, the same for all texts that read as it: 3 for
  /// `03`; nil is NULL.
  public func partitionText(as type: SQLType) -> String? {
    if case .char = type, case .text(let text) = self { return text }
    return text(as: type)
  }
}

extension SQLType {
  /// Whether partitions can have values of the type.
  public var isPartitionType: Bool {
    switch self {
    case .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .date, .varchar, .char,
      .decimal:
      true
    default:
      false
    }
  }
}
