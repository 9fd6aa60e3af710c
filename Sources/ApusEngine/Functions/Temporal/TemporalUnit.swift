import ApusValues

/// A unit of `date_trunc`, `date_add` and `date_diff`.
enum TemporalUnit: String, CaseIterable, Sendable {
  case millisecond
  case second
  case minute
  case hour
  case day
  case week
  case month
  case quarter
  case year

  /// Reads a unit's name in any case.
  ///
  /// - Parameter kind: what the unit is of, for the error: DATE, Time or Timestamp.
  /// - Throws: INVALID_FUNCTION_ARGUMENT.
  init(_ name: String, of kind: String) throws(SQLError) {
    guard let unit = TemporalUnit(rawValue: name.lowercased()), unit.isUnit(of: kind) else {
      throw SQLError(
        .invalidFunctionArgument,
        "'\(name.lowercased())' is not a valid \(kind) field"
      )
    }
    self = unit
  }

  private func isUnit(of kind: String) -> Bool {
    switch self {
    case .millisecond, .second, .minute, .hour: kind != "DATE"
    case .day, .week, .month, .quarter, .year: kind != "Time"
    }
  }

  /// Whether a day has several of them.
  var isPartOfDay: Bool {
    switch self {
    case .millisecond, .second, .minute, .hour: true
    case .day, .week, .month, .quarter, .year: false
    }
  }

  /// Microseconds of a unit of fixed length up to a week.
  var microseconds: Int64? {
    switch self {
    case .millisecond: 1000
    case .second: 1_000_000
    case .minute: 60_000_000
    case .hour: 3_600_000_000
    case .day: 86_400_000_000
    case .week: 604_800_000_000
    case .month, .quarter, .year: nil
    }
  }

  /// Months of a unit of a month or more.
  var months: Int? {
    switch self {
    case .month: 1
    case .quarter: 3
    case .year: 12
    case .millisecond, .second, .minute, .hour, .day, .week: nil
    }
  }
}

extension SQLType {
  /// The kind of a temporal type, as errors of units name it.
  var unitKind: String {
    switch self {
    case .date: "DATE"
    case .time, .timeWithTimeZone: "Time"
    default: "Timestamp"
    }
  }
}
