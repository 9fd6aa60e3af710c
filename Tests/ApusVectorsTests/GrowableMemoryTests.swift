import ApusVectors
import Testing

@Suite struct GrowableMemoryTests {
  /// Sizes on both sides of where memory is mapped in huge pages, and of their multiples.
  private static let sizes = [1, 64, 65, 1 << 20, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 9 << 20]

  @Test func keepsWhatWasWrittenAndZeroesTheRest() {
    var memory = GrowableMemory(byteCount: 8, isZeroed: true)
    var written = 0
    for size in GrowableMemoryTests.sizes {
      memory.grow(to: size)
      #expect(memory.byteCount >= size)
      #expect(Int(bitPattern: memory.base) % 64 == 0)
      let bytes = UnsafeMutableRawBufferPointer(start: memory.base, count: memory.byteCount)
      #expect(bytes[0..<written].allSatisfy { $0 == 0xa5 })
      #expect(bytes[written...].allSatisfy { $0 == 0 })
      for index in 0..<size { bytes[index] = 0xa5 }
      written = size
    }
  }

  @Test(arguments: sizes) func isAsLargeAsAskedFor(size: Int) {
    let memory = GrowableMemory(byteCount: size, isZeroed: true)
    #expect(memory.byteCount >= size)
    let bytes = UnsafeRawBufferPointer(start: memory.base, count: memory.byteCount)
    #expect(bytes.allSatisfy { $0 == 0 })
  }

  @Test func neverShrinks() {
    var memory = GrowableMemory(byteCount: 4 << 20)
    let place = memory.base
    memory.grow(to: 1)
    #expect(memory.byteCount == 4 << 20)
    #expect(memory.base == place)
  }
}
