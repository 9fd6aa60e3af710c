import ApusValues

/// The range of keys that are single integers, each in the lowest bits of its row's first word.
struct IntegerRange: Sendable {
  /// Bits of the key's type.
  let width: Int
  private(set) var lower = Int64.max
  private(set) var upper = Int64.min

  /// Nil if keys of the layout are not single integers.
  init?(_ layout: KeyLayout) {
    guard layout.columns.count == 1 else { return nil }
    switch layout.columns[0].type.physicalType {
    case .int8: width = 8
    case .int16: width = 16
    case .int32: width = 32
    case .int64: width = 64
    case .boolean, .int128, .float32, .float64, .string: return nil
    }
  }

  var isEmpty: Bool { lower > upper }

  /// The key of a row's first word.
  @inline(__always)
  func value(_ word: UInt64) -> Int64 {
    let shift = Int64(64 - width)
    return (Int64(bitPattern: word) &<< shift) &>> shift
  }

  @inline(__always)
  mutating func add(_ word: UInt64) {
    let value = value(word)
    lower = min(lower, value)
    upper = max(upper, value)
  }

  /// Adds rows of one word each.
  mutating func add(_ words: UnsafePointer<UInt64>, count: Int) {
    var range = self
    for row in 0..<count { range.add(words[row]) }
    self = range
  }

  /// Adds those of encoded rows whose key is not NULL.
  mutating func add(_ rows: UnsafeRawPointer, count: Int, _ layout: KeyLayout) {
    var range = self
    for row in 0..<count {
      let key = rows + row * layout.byteCount
      let isNull = layout.isNull(key)
      let value = value(key.load(as: UInt64.self))
      range.lower = min(range.lower, isNull ? .max : value)
      range.upper = max(range.upper, isNull ? .min : value)
    }
    self = range
  }

  mutating func add(_ other: IntegerRange) {
    lower = min(lower, other.lower)
    upper = max(upper, other.upper)
  }

  func contains(_ other: IntegerRange) -> Bool {
    other.lower >= lower && other.upper <= upper
  }

  /// The same with other bounds.
  func narrowed(to bounds: ClosedRange<Int64>) -> IntegerRange {
    var result = self
    result.lower = bounds.lowerBound
    result.upper = bounds.upperBound
    return result
  }

  /// The number of integers in the range; nil if it has none or more than an Int counts.
  var count: Int? {
    guard !isEmpty else { return nil }
    let (distance, overflow) = upper.subtractingReportingOverflow(lower)
    return overflow || distance == .max ? nil : Int(distance) + 1
  }
}
