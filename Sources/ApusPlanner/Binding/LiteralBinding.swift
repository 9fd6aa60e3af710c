import ApusSyntax
import ApusValues

// Literals, as Athena reads them: an integer that does not fit integer is bigint, an unsuffixed
// decimal is DOUBLE (measured on the service; DECIMAL '1.5' is the exact one), a string is a
// varchar of its own length.

extension Literal {
  init(_ node: IntegerLiteral) throws(SQLError) {
    guard let value = Int64(node.text) else {
      throw SQLError(
        .invalidLiteral,
        "Invalid numeric literal: \(node.text)",
        at: node.range,
        hint: "Integers end at \(Int64.max); write DECIMAL '\(node.text)' for a larger number."
      )
    }
    self.init(.integer(value), Int32(exactly: value) == nil ? .bigint : .integer)
  }

  init(double text: String, at range: SourceRange) throws(SQLError) {
    guard let value = Double(text), value.isFinite else {
      throw SQLError(.invalidLiteral, "Invalid numeric literal: \(text)", at: range)
    }
    self.init(.double(value), .double)
  }

  /// A decimal whose digits say its type, as those of DECIMAL '1.5' do.
  init(decimal text: String, at range: SourceRange) throws(SQLError) {
    guard let (value, precision, scale) = Decimal.parse(text) else {
      throw SQLError(.invalidLiteral, "Invalid numeric literal: \(text)", at: range)
    }
    let type = SQLType.decimal(precision: precision, scale: scale)
    self.init(precision <= 18 ? .integer(Int64(value)) : .wide(value), type)
  }

  init(_ node: StringLiteral) {
    self.init(.text(node.value), .varchar(length: node.value.unicodeScalars.count))
  }

  init(_ node: TypedLiteral) throws(SQLError) {
    let invalid = SQLError(
      .invalidLiteral,
      "'\(node.text)' is not a valid \(node.type.name.uppercased()) literal",
      at: node.range
    )
    let text = node.text.trimmingSpaces()
    // The digits of these literals say their precision; other types say it themselves.
    switch (node.type.name, node.type.parameters.isEmpty) {
    case ("decimal", true):
      guard let (value, precision, scale) = Decimal.parse(text) else { throw invalid }
      let type = SQLType.decimal(precision: precision, scale: scale)
      self.init(precision <= 18 ? .integer(Int64(value)) : .wide(value), type)
      return
    case ("timestamp", true):
      if ZonedTime.hasZone(text) {
        let (time, precision) = try Literal.zonedTimestamp(text, invalid)
        self.init(.zoned(time), .timestampWithTimeZone(precision: precision))
        return
      }
      guard let (picoseconds, precision) = Timestamp.parse(text) else { throw invalid }
      guard let value = Value.timestamp(picoseconds: picoseconds, precision: precision) else {
        throw invalid
      }
      self.init(value, .timestamp(precision: precision))
      return
    case ("time", true):
      if let (picoseconds, precision) = Timestamp.parseTime(text),
        let value = Value.timestamp(picoseconds: picoseconds, precision: precision)
      {
        self.init(value, .time(precision: precision))
      } else if let (time, precision) = ZonedTime.parseTime(text) {
        self.init(.zoned(time), .timeWithTimeZone(precision: precision))
      } else {
        throw invalid
      }
      return
    default:
      break
    }
    let type = try SQLType(node.type)
    switch type {
    case .date:
      guard let date = CalendarDate(text) else { throw invalid }
      self.init(.integer(Int64(date.daysSinceEpoch)), .date)
    case .boolean:
      switch text.lowercased() {
      case "true", "t", "1": self.init(.boolean(true), .boolean)
      case "false", "f", "0": self.init(.boolean(false), .boolean)
      default: throw invalid
      }
    case .tinyint, .smallint, .integer, .bigint:
      guard let value = Int64(text), type.holds(value) else { throw invalid }
      self.init(.integer(value), type)
    case .double:
      guard let value = Double(text) else { throw invalid }
      self.init(.double(value), type)
    case .real:
      guard let value = Float(text) else { throw invalid }
      self.init(.real(value), type)
    case .decimal(let precision, let scale):
      guard let parsed = Decimal.parse(text),
        let value = Decimal.rescale(
          parsed.unscaled,
          from: parsed.scale,
          to: scale,
          precision: precision
        )
      else { throw invalid }
      self.init(precision <= 18 ? .integer(Int64(value)) : .wide(value), type)
    case .timestamp(let precision):
      guard let parsed = Timestamp.parse(text),
        let value = Value.timestamp(
          picoseconds: Timestamp.round(picoseconds: parsed.picoseconds, to: precision),
          precision: precision
        )
      else { throw invalid }
      self.init(value, type)
    case .time(let precision):
      guard let parsed = Timestamp.parseTime(text),
        let value = Value.timestamp(
          picoseconds: floorDivide(
            Timestamp.round(picoseconds: parsed.picoseconds, to: precision),
            Timestamp.picosecondsPerDay
          ).remainder,
          precision: precision
        )
      else { throw invalid }
      self.init(value, type)
    case .timestampWithTimeZone(let precision):
      var time = try Literal.zonedTimestamp(text, invalid).time
      time.picoseconds = Timestamp.round(picoseconds: time.picoseconds, to: precision)
      self.init(.zoned(time), type)
    case .timeWithTimeZone(let precision):
      guard var time = ZonedTime.parseTime(text)?.time else { throw invalid }
      let rounded = Timestamp.round(picoseconds: time.picoseconds, to: precision)
      time.picoseconds = floorDivide(rounded, Timestamp.picosecondsPerDay).remainder
      self.init(.zoned(time), type)
    case .varchar:
      self.init(.text(node.text), type)
    case .json:
      guard let document = try? JSONNormalizer.normalize(node.text) else { throw invalid }
      self.init(.text(document), type)
    case .uuid:
      guard let value = parseUUID(text) else { throw invalid }
      self.init(.wide(value), type)
    case .ipAddress:
      guard let address = IPAddress(text) else { throw invalid }
      self.init(.wide(address.ordered), type)
    case .ipPrefix:
      guard let prefix = IPAddress.parsePrefix(text) else { throw invalid }
      self.init(.binary(prefix), type)
    default:
      throw SQLError.notSupported("A literal of type \(type)", at: node.range)
    }
  }

  private static func zonedTimestamp(_ text: String, _ invalid: SQLError) throws(SQLError)
    -> (time: ZonedTime, precision: Int)
  {
    do throws(ZonedTime.Failure) {
      return try ZonedTime.parseTimestamp(text, in: .utc, skipsGaps: false)
    } catch .unknownZone(let name) {
      var error = invalid
      error.hint = "There is no time zone '\(name)'."
      throw error
    } catch .gap {
      var error = invalid
      error.hint = "Clocks of that zone skip this time."
      throw error
    } catch {
      throw invalid
    }
  }

  init(_ node: IntervalLiteral) throws(SQLError) {
    let invalid = SQLError(
      .invalidLiteral,
      "'\(node.text)' is not a valid interval \(node.from.rawValue.uppercased()) literal",
      at: node.range
    )
    var text = node.text.trimmingSpaces()[...]
    var sign: Int64 = node.isNegative ? -1 : 1
    if text.first == "-" { sign = -sign }
    if text.first == "-" || text.first == "+" { text = text.dropFirst() }
    let fields = IntervalField.allCases
    guard let from = fields.firstIndex(of: node.from),
      let to = fields.firstIndex(of: node.to ?? node.from), from <= to
    else { throw invalid }
    let months = fields[to] == .year || fields[to] == .month
    guard months == (fields[from] == .year || fields[from] == .month) else { throw invalid }
    // `D H:M:S.fff`, `Y-M`: cut at whatever separates the fields.
    var parts = text.split(omittingEmptySubsequences: false) { " -:".contains($0) }
    guard parts.count == to - from + 1 else { throw invalid }
    var milliseconds: Int64 = 0
    if fields[to] == .second, let last = parts.last, let point = last.firstIndex(of: ".") {
      let digits = last[last.index(after: point)...]
      guard (1...3).contains(digits.count), let fraction = Int64(digits), fraction >= 0 else {
        throw invalid
      }
      milliseconds = fraction * PowersOfTen.narrow[3 - digits.count]
      parts[parts.count - 1] = last[..<point]
    }
    var total: Int64 = 0
    for (position, part) in parts.enumerated() {
      guard let value = Int64(part), value >= 0, !part.hasPrefix("+") else { throw invalid }
      let unit: Int64 =
        switch fields[from + position] {
        case .year: 12
        case .month: 1
        case .day: 86_400_000
        case .hour: 3_600_000
        case .minute: 60_000
        case .second: 1000
        }
      let (product, overflow) = value.multipliedReportingOverflow(by: unit)
      let (sum, overflowOfSum) = total.addingReportingOverflow(product)
      if overflow || overflowOfSum { throw invalid }
      total = sum
    }
    if months {
      guard Int32(exactly: total) != nil else { throw invalid }
      self.init(.integer(sign * total), .intervalYearToMonth)
    } else {
      self.init(.integer(sign * (total + milliseconds)), .intervalDayToSecond)
    }
  }
}

extension Value {
  /// The value of a timestamp of a precision; nil if it leaves the range of its physical type.
  static func timestamp(picoseconds: Int128, precision: Int) -> Value? {
    if precision > 6 { return .wide(picoseconds) }
    let microseconds = picoseconds / Timestamp.picosecondsPerMicrosecond
    return Int64(exactly: microseconds).map { .integer($0) }
  }
}

extension SQLType {
  /// Whether an integer type has the value.
  func holds(_ value: Int64) -> Bool {
    switch self {
    case .tinyint: Int8(exactly: value) != nil
    case .smallint: Int16(exactly: value) != nil
    case .integer: Int32(exactly: value) != nil
    default: true
    }
  }
}
