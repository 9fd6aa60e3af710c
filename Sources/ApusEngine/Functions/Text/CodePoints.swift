import ApusVectors

// Positions in UTF-8 text, counted in code points. A code point starts at every byte that is not a
// continuation byte (10xxxxxx).

/// The number of code points: bytes that do not continue one, eight at a time.
func codePointCount(_ bytes: UnsafeRawBufferPointer) -> Int {
  guard let base = bytes.baseAddress else { return 0 }
  var count = bytes.count
  var position = 0
  while position + 8 <= bytes.count {
    let word = base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    // The low bit of each byte becomes 1 where the byte is 10xxxxxx.
    let continuations = (word >> 7) & ~(word >> 6) & 0x0101_0101_0101_0101
    count &-= continuations.nonzeroBitCount
    position += 8
  }
  while position < bytes.count {
    if bytes[position] & 0xc0 == 0x80 { count &-= 1 }
    position += 1
  }
  return count
}

/// The code points themselves, what is not UTF-8 repaired.
func scalars(_ bytes: UnsafeRawBufferPointer) -> [Unicode.Scalar] {
  Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
}

/// Whether all bytes are ASCII.
func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard let base = bytes.baseAddress else { return true }
  var bits: UInt64 = 0
  var position = 0
  while position + 8 <= bytes.count {
    bits |= base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    position += 8
  }
  while position < bytes.count {
    bits |= UInt64(bytes[position])
    position += 1
  }
  return bits & 0x8080_8080_8080_8080 == 0
}

/// The code points `start..<end` of a text, as its bytes; positions past the end mean the end.
func codePointSlice(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int)
  -> UnsafeRawBufferPointer
{
  let first = codePoints(start, of: bytes)
  let rest = UnsafeRawBufferPointer(rebasing: bytes[first...])
  let length = codePoints(end - start, of: rest)
  return UnsafeRawBufferPointer(rebasing: rest[..<length])
}

extension StringHeap {
  /// Stores what `write` puts into memory for exactly `count` bytes.
  func store(count: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> StringView {
    if count <= StringView.inlineCapacity {
      var words: (UInt64, UInt64) = (0, 0)
      return withUnsafeMutableBytes(of: &words) { scratch in
        guard let base = scratch.baseAddress else { return StringView() }
        write(base)
        return StringView(base, count: count)
      }
    }
    let memory = allocate(count)
    write(memory)
    return StringView(memory, count: count)
  }

  /// Stores the UTF-8 of code points.
  func store(_ scalars: some Sequence<Unicode.Scalar>) -> StringView {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return store(String(text))
  }

  /// Stores bytes.
  func store(_ bytes: [UInt8]) -> StringView { bytes.withUnsafeBytes { store($0) } }
}
