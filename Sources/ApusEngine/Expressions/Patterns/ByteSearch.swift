import ApusVectors

#if canImport(Glibc)
  import Glibc
#endif

/// Finds byte strings in byte strings.
///
/// Sixteen places are looked at in one go: a place is a candidate if the needle's first and last
/// byte stand where they should (Muła, "SIMD-friendly algorithms for substring searching",
/// http://0x80.pl/articles/simd-strfind.html); candidates are compared in full.
///
/// Safety: every load lies within the haystack, by the loop's bounds.
enum ByteSearch {
  /// Returns the offset of the first occurrence at or after `start`, or nil.
  static func find(
    _ needle: UnsafeRawBufferPointer,
    in haystack: UnsafeRawBufferPointer,
    from start: Int = 0
  ) -> Int? {
    let length = needle.count
    if length == 0 { return start <= haystack.count ? start : nil }
    guard haystack.count - start >= length, let base = haystack.baseAddress,
      let needleBase = needle.baseAddress
    else { return nil }
    let first = needle[0]
    let last = needle[length - 1]
    let lastStart = haystack.count - length
    var position = start
    let firsts = SIMD16<UInt8>(repeating: first)
    let lasts = SIMD16<UInt8>(repeating: last)
    while position + 15 <= lastStart {
      let head = base.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
      let tail = base.loadUnaligned(fromByteOffset: position + length - 1, as: SIMD16<UInt8>.self)
      if any((head .== firsts) .& (tail .== lasts)) {
        for candidate in position..<(position + 16)
        where haystack[candidate] == first && haystack[candidate + length - 1] == last {
          if memcmp(base + candidate, needleBase, length) == 0 { return candidate }
        }
      }
      position += 16
      // The last block overlaps the one before, so that no places are left over.
      if position <= lastStart, position + 15 > lastStart { position = lastStart - 15 }
    }
    while position <= lastStart {
      if haystack[position] == first, memcmp(base + position, needleBase, length) == 0 {
        return position
      }
      position += 1
    }
    return nil
  }
}
