import ApusVectors

/// Byte arrays as the length that each shares with the one before and the rest of its bytes.
///
/// Source: parquet-format, Encodings.md, "Delta Strings (DELTA_BYTE_ARRAY = 7)".
///
/// Safety: prefixes are compared with the length of the value before, suffixes with the bytes left.
struct DeltaByteArrays {
  private var prefixLengths: DeltaBinaryPacked
  private var suffixLengths: DeltaBinaryPacked
  private var position: UnsafeRawPointer
  private let end: UnsafeRawPointer
  /// The value before, copied: the heap that it lies in may be gone.
  private var previous: [UInt8] = []

  /// What the values of one call may take in all; a few bytes can ask for any amount.
  static var greatestByteCount: Int { 1 << 28 }

  init(_ bytes: UnsafeRawBufferPointer, emptyAt fallback: UnsafeRawPointer) throws(DecodingFailure)
  {
    let start = bytes.baseAddress ?? fallback
    end = start + bytes.count
    prefixLengths = try DeltaBinaryPacked(bytes, emptyAt: fallback)
    let suffixStart = try prefixLengths.endOfValues()
    let rest = UnsafeRawBufferPointer(start: suffixStart, count: end - suffixStart)
    suffixLengths = try DeltaBinaryPacked(rest, emptyAt: fallback)
    position = try suffixLengths.endOfValues()
  }

  /// Reads `count` byte arrays, copying them to `heap`.
  ///
  /// - Parameter scratch: room for twice `count` numbers.
  mutating func readViews(
    _ count: Int,
    scratch: UnsafeMutablePointer<Int64>,
    heap: StringHeap,
    into output: UnsafeMutablePointer<StringView>
  ) throws(DecodingFailure) {
    let suffixes = scratch + count
    try prefixLengths.read(count, into: scratch)
    try suffixLengths.read(count, into: suffixes)
    var total = 0
    for index in 0..<count {
      try next(prefix: Int(scratch[index]), suffix: Int(suffixes[index]), total: &total)
      output[index] = previous.withUnsafeBytes { heap.store($0) }
    }
  }

  /// Steps over byte arrays, each of which the one after it may need.
  ///
  /// - Parameter scratch: room for twice `count` numbers.
  mutating func skip(
    _ count: Int,
    scratch: UnsafeMutablePointer<Int64>
  ) throws(DecodingFailure) {
    let suffixes = scratch + count
    try prefixLengths.read(count, into: scratch)
    try suffixLengths.read(count, into: suffixes)
    for index in 0..<count {
      // Nothing is kept but the last, so there is no sum to bound.
      var total = 0
      try next(prefix: Int(scratch[index]), suffix: Int(suffixes[index]), total: &total)
    }
  }

  /// Puts the next value together in `previous`.
  ///
  /// - Parameter total: the bytes of the values of this call.
  private mutating func next(
    prefix: Int,
    suffix: Int,
    total: inout Int
  ) throws(DecodingFailure) {
    guard prefix >= 0, prefix <= previous.count, suffix >= 0, suffix <= end - position else {
      throw DecodingFailure("a shared prefix or its suffix is longer than what there is")
    }
    total += prefix + suffix
    guard total <= DeltaByteArrays.greatestByteCount else {
      throw DecodingFailure("byte arrays with shared prefixes take over 256 MB")
    }
    previous.removeSubrange(prefix...)
    previous.append(contentsOf: UnsafeRawBufferPointer(start: position, count: suffix))
    position += suffix
  }
}
