import ApusVectors
import Testing

/// Views of short and long strings compare as their bytes do.
struct StringViewTests {
  /// Strings of all lengths around what a view holds, which differ late, early, or in length alone.
  private static let strings: [[UInt8]] = {
    var strings: [[UInt8]] = [[]]
    for count in [1, 3, 4, 5, 8, 11, 12, 13, 16, 20] {
      let base = [UInt8](repeating: 0x61, count: count)
      strings.append(base)
      for position in [0, count / 2, count - 1] {
        for byte: UInt8 in [0, 0x62, 0xff] {
          var other = base
          other[position] = byte
          strings.append(other)
        }
      }
    }
    return strings
  }()

  @Test
  func comparesByBytes() {
    let heap = StringHeap()
    let views = StringViewTests.strings.map { bytes in
      bytes.withUnsafeBytes { heap.store($0) }
    }
    for (left, leftView) in zip(StringViewTests.strings, views) {
      for (right, rightView) in zip(StringViewTests.strings, views) {
        let expected = left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
        #expect(StringView.compare(leftView, rightView).signum() == expected, "\(left) \(right)")
        #expect((leftView == rightView) == (expected == 0))
      }
    }
  }
}
