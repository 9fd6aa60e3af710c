import CApusKernels
import Foundation
import Testing

@Suite struct BlockCacheTests {
  /// Writes each block full of a mark of its own, and expects all marks while the blocks live:
  /// what is handed out twice, or is too small, would lose some.
  private static func exercise(seed: Int) -> Bool {
    var live: [(block: UnsafeMutableRawPointer, size: Int, mark: UInt8)] = []
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
    func random(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    var isRight = true
    func free(_ index: Int) {
      let (block, size, mark) = live.remove(at: index)
      let bytes = UnsafeRawBufferPointer(start: block, count: size)
      isRight = isRight && bytes.first == mark && bytes.last == mark && bytes[size / 2] == mark
      apus_block_free(block, size)
    }
    for step in 0..<300 {
      if live.count > 40 || !live.isEmpty && random(3) == 0 { free(random(live.count)) }
      let size = [1, 511, 512, 513, 1024, 1025, 8192, 70_000, 1 << 22, (1 << 22) + 1][random(10)]
      guard let block = apus_block_allocate(size) else { return false }
      isRight = isRight && Int(bitPattern: block) % 64 == 0
      let mark = UInt8(truncatingIfNeeded: step)
      block.initializeMemory(as: UInt8.self, repeating: mark, count: size)
      live.append((block, size, mark))
    }
    while !live.isEmpty { free(0) }
    return isRight
  }

  @Test func blocksAreApart() { #expect(BlockCacheTests.exercise(seed: 1)) }

  /// Threads that end give back what they kept; blocks may be freed elsewhere.
  @Test func threadsComeAndGo() async {
    for round in 0..<8 {
      // A block crosses threads as an address.
      let block = UInt(bitPattern: apus_block_allocate(5000))
      let isRight = await withCheckedContinuation { continuation in
        Thread {
          if let block = UnsafeMutableRawPointer(bitPattern: block) { apus_block_free(block, 5000) }
          continuation.resume(returning: BlockCacheTests.exercise(seed: round + 2))
        }.start()
      }
      #expect(isRight)
    }
  }
}
