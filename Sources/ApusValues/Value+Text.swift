extension Value {
  /// Returns the value as Athena prints it in a result: NULL is nil, a varbinary hex pairs.
  public func text(as type: SQLType) -> String? {
    switch self {
    case .null: nil
    case .boolean(let value): value ? "true" : "false"
    case .real(let value): floatingPointText(Double(value), shortest: value.description)
    case .double(let value): floatingPointText(value, shortest: value.description)
    case .text(let value):
      if case .char(let length) = type { padded(value, to: length) } else { value }
    case .binary(let bytes):
      binaryText(bytes, as: type)
    case .zoned(let time): zonedText(time, as: type)
    case .integer(let value): integerText(Int128(value), as: type)
    case .wide(let value): integerText(value, as: type)
    case .array(let values): arrayText(values, as: type)
    case .map(let entries): mapText(entries, as: type)
    case .row(let values): rowText(values, as: type)
    }
  }

  private func binaryText(_ bytes: [UInt8], as type: SQLType) -> String {
    switch type {
    case .ipPrefix: IPAddress.prefixText(bytes)
    case .geometry, .sphericalGeography: Geometry.text(bytes)
    default: hexadecimalPairs(bytes)
    }
  }

  /// `[1, null, 3]`
  private func arrayText(_ values: [Value], as type: SQLType) -> String {
    guard case .array(let element) = type else { return "" }
    let texts = values.map { $0.text(as: element) ?? "null" }
    return "[" + texts.joined(separator: ", ") + "]"
  }

  /// `{a=1, b=null}`, by ascending keys: numbers as such, other keys by their texts.
  private func mapText(_ entries: [MapEntry], as type: SQLType) -> String {
    guard case .map(let keyType, let valueType) = type else { return "" }
    let texts = entries.map { entry in
      (entry.key, entry.key.text(as: keyType) ?? "null", entry.value.text(as: valueType) ?? "null")
    }
    let sorted = texts.sorted { left, right in
      keyType.isNumeric ? Value.compare(left.0, right.0) < 0 : left.1 < right.1
    }
    return "{" + sorted.map { "\($0.1)=\($0.2)" }.joined(separator: ", ") + "}"
  }

  /// `{name=Ada, born=1815}`, or `{Ada, 1815}` without names.
  private func rowText(_ values: [Value], as type: SQLType) -> String {
    guard case .row(let fields) = type else { return "" }
    let texts = zip(fields, values).map { field, value in
      let text = value.text(as: field.type) ?? "null"
      return field.name.map { "\($0)=\(text)" } ?? text
    }
    return "{" + texts.joined(separator: ", ") + "}"
  }

  private func integerText(_ value: Int128, as type: SQLType) -> String {
    switch type {
    case .decimal(_, let scale): Decimal.format(value, scale: scale)
    case .date: CalendarDate(daysSinceEpoch: Int(value)).description
    case .timestamp(let precision) where precision <= 6:
      Timestamp.format(microseconds: Int64(value), precision: precision)
    case .timestamp(let precision): Timestamp.format(picoseconds: value, precision: precision)
    case .time(let precision):
      Timestamp.formatTime(
        picoseconds: precision <= 6 ? value * Timestamp.picosecondsPerMicrosecond : value,
        precision: precision
      )
    case .intervalDayToSecond: intervalText(milliseconds: Int64(value))
    case .intervalYearToMonth: intervalText(months: Int64(value))
    case .color: Color(code: Int32(truncatingIfNeeded: value)).description
    case .uuid: uuidText(value)
    case .ipAddress: IPAddress(ordered: value).description
    case .bingTile: BingTile(encoded: Int64(truncatingIfNeeded: value)).text
    default: String(value)
    }
  }

  private func zonedText(_ time: ZonedTime, as type: SQLType) -> String {
    switch type {
    case .timeWithTimeZone(let precision): time.timeText(precision: precision)
    case .timestampWithTimeZone(let precision): time.timestampText(precision: precision)
    default: ""
    }
  }
}

/// Returns `text` with spaces behind it up to `length` code points.
public func padded(_ text: String, to length: Int) -> String {
  text + String(repeating: " ", count: max(0, length - text.unicodeScalars.count))
}

/// Formats a double as Java does, which is what Athena shows: `0.1`, `1.0E10`, `Infinity`, `NaN`.
///
/// - Parameter shortest: Swift's shortest digits that read back to the same value.
public func floatingPointText(_ value: Double, shortest: String) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
  if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
  let magnitude = value.magnitude
  let sign = value < 0 ? "-" : ""
  // Take the digits and the exponent apart, then write them in Java's two shapes.
  var mantissa = Substring(shortest.drop { $0 == "-" })
  var exponent = 0
  if let mark = mantissa.firstIndex(of: "e") {
    exponent = Int(mantissa[mantissa.index(after: mark)...]) ?? 0
    mantissa = mantissa[..<mark]
  }
  let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
  let whole = parts[0]
  let fraction = parts.count > 1 ? parts[1] : ""
  var digits = String(whole + fraction)
  var pointPosition = whole.count + exponent
  let leadingZeros = digits.prefix { $0 == "0" }.count
  digits.removeFirst(leadingZeros)
  pointPosition -= leadingZeros
  while digits.count > 1, digits.last == "0" { digits.removeLast() }
  if magnitude >= 1e-3, magnitude < 1e7 {
    if pointPosition <= 0 {
      return sign + "0." + String(repeating: "0", count: -pointPosition) + digits
    }
    if digits.count <= pointPosition {
      return sign + digits + String(repeating: "0", count: pointPosition - digits.count) + ".0"
    }
    return sign + digits.prefix(pointPosition) + "." + digits.dropFirst(pointPosition)
  }
  let rest = digits.dropFirst()
  return sign + digits.prefix(1) + "." + (rest.isEmpty ? "0" : rest) + "E\(pointPosition - 1)"
}

/// Returns bytes as Athena shows a varbinary: `65 68 3f`.
public func hexadecimalPairs(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined(separator: " ")
}

/// Formats an interval of days to seconds: `1 02:03:04.005`.
public func intervalText(milliseconds: Int64) -> String {
  let sign = milliseconds < 0 ? "-" : ""
  let total = milliseconds.magnitude
  let (days, rest) = total.quotientAndRemainder(dividingBy: 86_400_000)
  return sign + "\(days) "
    + Timestamp.formatTime(picoseconds: Int128(rest) * 1_000_000_000, precision: 3)
}

/// Formats an interval of years to months: `1-6`.
public func intervalText(months: Int64) -> String {
  let sign = months < 0 ? "-" : ""
  let (years, rest) = months.magnitude.quotientAndRemainder(dividingBy: 12)
  return sign + "\(years)-\(rest)"
}
