import ApusPlanner
import ApusValues
import ApusVectors

extension CastOperation {
  /// Conversions to varchar, char and varbinary. Text is cut to the length of its new type; what
  /// was a number or a date must fit.
  func textKernel() -> UnaryKernel {
    let limit: Int? = if case .varchar(let length) = to { length } else { nil }
    if from == .ipPrefix {
      return printing(limit) { (bytes: StringView) in
        bytes.withBytes { IPAddress.prefixText(Array($0)) }
      }
    }
    if from.physicalType == .string { return textToText() }
    if to == .varbinary { return addressBytesKernel() }
    let from = from
    // Integers of these physical types print as plain digits.
    if from.isInteger {
      return switch from.physicalType {
      case .int8: digitsKernel(Int8.self, limit)
      case .int16: digitsKernel(Int16.self, limit)
      case .int32: digitsKernel(Int32.self, limit)
      default: digitsKernel(Int64.self, limit)
      }
    }
    return switch from.physicalType {
    case .boolean: printing(limit) { (value: UInt8) in value != 0 ? "true" : "false" }
    case .float32:
      printing(limit) { (value: Float) in
        floatingPointText(Double(value), shortest: value.description)
      }
    case .float64:
      printing(limit) { (value: Double) in floatingPointText(value, shortest: value.description) }
    case .int32:
      printing(limit) { (value: Int32) in Value.integer(Int64(value)).text(as: from) ?? "" }
    case .int128 where from.isZoned:
      printing(limit) { (value: Int128) in
        Value.zoned(ZonedTime(packed: value)).text(as: from) ?? ""
      }
    case .int128: printing(limit) { (value: Int128) in Value.wide(value).text(as: from) ?? "" }
    case .int8, .int16, .int64, .string:
      printing(limit) { (value: Int64) in Value.integer(value).text(as: from) ?? "" }
    }
  }

  private func printing<Input>(
    _ limit: Int?,
    _ print: @escaping @Sendable (Input) -> String
  ) -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.operand(as: Input.self)
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
        let text = print(source[row])
        if let limit, text.utf8.count > limit {
          throw invalid(
            from == .uuid
              ? "Cannot cast '\(text)' to \(to)" : "Value \(text) cannot be represented as \(to)"
          )
        }
        return heap.store(text)
      }
    }
  }

  private func digitsKernel<Input: FixedWidthInteger & SignedInteger & Sendable>(
    _ input: Input.Type,
    _ limit: Int?
  ) -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.operand(as: Input.self)
      // Not a temporary allocation, which Swift 6.3.1 gets wrong around loops (see RowSorter).
      let memory = VectorBuffer(byteCount: 24)
      defer { extendLifetime(memory) }
      let scratch = UnsafeMutableRawBufferPointer(start: memory.base, count: 24)
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
        let value = Int64(truncatingIfNeeded: source[row])
        let digits = UnsafeRawBufferPointer(rebasing: scratch[writeDigits(value, scratch)...])
        if let limit, digits.count > limit {
          throw invalid("Value \(value) cannot be represented as \(to)")
        }
        return heap.store(digits)
      }
    }
  }

  private func textToText() -> UnaryKernel {
    switch (from, to) {
    case (.char(let length), .varchar(let limit)):
      return paddedKernel(to: min(length, limit ?? length))
    case (.char(let a), .char(let b)) where a <= b:
      return { vector, _, _ throws(SQLError) in vector.retyped(to) }
    case (_, .char(let length)):
      return viewKernel { bytes in
        trimTrailingSpaces(
          UnsafeRawBufferPointer(rebasing: bytes[..<codePoints(length, of: bytes)])
        )
      }
    case (.varchar(let a?), .varchar(let b?)) where b < a:
      return viewKernel { UnsafeRawBufferPointer(rebasing: $0[..<codePoints(b, of: $0)]) }
    case (.varchar(nil), .varchar(let b?)):
      return viewKernel { UnsafeRawBufferPointer(rebasing: $0[..<codePoints(b, of: $0)]) }
    default:
      return { vector, _, _ throws(SQLError) in vector.retyped(to) }
    }
  }

  /// A kernel whose results are parts of its arguments.
  private func viewKernel(
    _ part: @escaping @Sendable (UnsafeRawBufferPointer) -> UnsafeRawBufferPointer
  ) -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.operand(as: StringView.self)
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, _: StringHeap) throws(SQLError) -> StringView? in
        StringView(part(source.bytes(row)))
      }
    }
  }

  /// A char becomes a varchar with the spaces that it does not keep in memory.
  private func paddedKernel(to length: Int) -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.operand(as: StringView.self)
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
        let text = padded(source[row].string, to: length)
        let end = text.unicodeScalars.index(
          text.startIndex,
          offsetBy: length,
          limitedBy: text.endIndex
        )
        return heap.store(String(text.unicodeScalars[..<(end ?? text.endIndex)]))
      }
    }
  }
}

/// Writes a number to the end of 24 bytes.
///
/// - Returns: where it begins.
private func writeDigits(_ value: Int64, _ output: UnsafeMutableRawBufferPointer) -> Int {
  var magnitude = value.magnitude
  var start = output.count
  repeat {
    let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
    start -= 1
    output[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
    magnitude = quotient
  } while magnitude > 0
  if value < 0 {
    start -= 1
    output[start] = UInt8(ascii: "-")
  }
  return start
}

/// The number of bytes that the first `count` code points of UTF-8 text take.
func codePoints(_ count: Int, of bytes: UnsafeRawBufferPointer) -> Int {
  if bytes.count <= count { return bytes.count }
  guard let base = bytes.baseAddress else { return 0 }
  var remaining = count
  var position = 0
  // Words of ASCII are eight code points.
  while remaining >= 8, position + 8 <= bytes.count,
    base.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
  {
    position += 8
    remaining -= 8
  }
  while position < bytes.count {
    if base.load(fromByteOffset: position, as: UInt8.self) & 0xc0 != 0x80 {
      if remaining == 0 { return position }
      remaining -= 1
    }
    position += 1
  }
  return position
}

func trimTrailingSpaces(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
  var end = bytes.count
  while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
  return UnsafeRawBufferPointer(rebasing: bytes[..<end])
}
