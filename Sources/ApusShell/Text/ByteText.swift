import ApusValues

// Text as bytes: what formatters append per cell without making a String of it.

extension [UInt8] {
  /// Appends the UTF-8 bytes of a text.
  @inline(__always)
  mutating func append(text: String) { append(contentsOf: text.utf8) }

  /// Appends a character of one byte.
  @inline(__always)
  mutating func append(ascii: Unicode.Scalar) { append(UInt8(ascii: ascii)) }

  mutating func append(repeating byte: UInt8, count: Int) {
    guard count > 0 else { return }
    append(contentsOf: repeatElement(byte, count: count))
  }

  /// Appends decimal digits, with zeros in front up to `width`.
  mutating func append(digits value: UInt64, width: Int = 1) {
    var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
    var position = 20
    var rest = value
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      position -= 1
      digits[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    position = Swift.min(position, 20 - width)
    while position < 20 {
      append(digits[position])
      position += 1
    }
  }

  mutating func append(integer value: Int64) {
    if value < 0 { append(ascii: "-") }
    append(digits: value.magnitude)
  }

  /// Appends an unscaled decimal with `scale` digits after the point.
  mutating func append(decimal unscaled: Int64, scale: Int) {
    if unscaled < 0 { append(ascii: "-") }
    guard scale > 0 else {
      append(digits: unscaled.magnitude)
      return
    }
    var unit: UInt64 = 1
    for _ in 0..<Swift.min(scale, 18) { unit *= 10 }
    let (whole, fraction) = unscaled.magnitude.quotientAndRemainder(dividingBy: unit)
    append(digits: whole)
    append(ascii: ".")
    append(digits: fraction, width: scale)
  }

  /// Appends a date as `2013-01-31`.
  mutating func append(daysSinceEpoch days: Int) {
    let date = CalendarDate(daysSinceEpoch: days)
    if date.year < 0 { append(ascii: "-") }
    append(digits: UInt64(date.year.magnitude), width: 4)
    append(ascii: "-")
    append(digits: UInt64(date.month), width: 2)
    append(ascii: "-")
    append(digits: UInt64(date.day), width: 2)
  }

  /// Appends a time of day, `05:00:00.000`, with `precision` 0...6 digits of a second.
  mutating func append(timeOfDay microseconds: Int64, precision: Int) {
    let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    append(digits: UInt64(clamping: seconds / 3600), width: 2)
    append(ascii: ":")
    append(digits: UInt64(clamping: seconds / 60 % 60), width: 2)
    append(ascii: ":")
    append(digits: UInt64(clamping: seconds % 60), width: 2)
    guard precision > 0 else { return }
    append(ascii: ".")
    var unit: Int64 = 1
    for _ in precision..<6 { unit *= 10 }
    append(digits: UInt64(clamping: fraction / unit), width: precision)
  }

  /// Appends a timestamp, `2013-01-31 05:00:00.000`, with `precision` 0...6 digits of a second.
  mutating func append(timestamp microseconds: Int64, precision: Int) {
    let (days, rest) = floorDivide(microseconds, Timestamp.microsecondsPerDay)
    append(daysSinceEpoch: Int(days))
    append(ascii: " ")
    append(timeOfDay: rest, precision: precision)
  }

  /// Appends a double as Athena shows it: `0.1`, `1.0E10`, `NaN`.
  mutating func append(double value: Double, shortest: String) {
    // Between these bounds Swift's digits are Java's.
    let magnitude = value.magnitude
    if magnitude >= 1e-3, magnitude < 1e7 {
      append(text: shortest)
    } else {
      append(text: floatingPointText(value, shortest: shortest))
    }
  }

  /// Appends bytes as Athena shows a varbinary: `65 68 3f`.
  mutating func append(hexadecimalPairs bytes: UnsafeRawBufferPointer) {
    for (index, byte) in bytes.enumerated() {
      if index > 0 { append(ascii: " ") }
      append(hexadecimal: byte >> 4)
      append(hexadecimal: byte & 15)
    }
  }

  /// Appends one hexadecimal digit of a value 0...15.
  mutating func append(hexadecimal digit: UInt8) {
    append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
  }
}
