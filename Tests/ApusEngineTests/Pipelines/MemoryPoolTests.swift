import ApusValues
import Testing

@testable import ApusEngine

/// The memory budget of a query.
struct MemoryPoolTests {
  @Test(
    arguments: [
      (1 << 30, "1GB"), (3 << 29, "1.50GB"), (512, "512B"), (5 << 20, "5MB"), (0, "0B"),
      (1_100_000, "1.05MB"),
    ]
  )
  func writesSizesAsTrinoDoes(byteCount: Int, text: String) {
    #expect(MemoryPool.text(ofByteCount: byteCount) == text)
  }

  @Test
  func refusesWhatIsTooMuch() throws {
    let pool = MemoryPool(limit: 1 << 20)
    do {
      let reservation = Reservation(pool)
      try reservation.resize(to: 1 << 20)
      #expect(pool.reservedByteCount == 1 << 20)
      let other = Reservation(pool)
      #expect(throws: SQLError.self) { try other.resize(to: 100_000) }
      try reservation.resize(to: 1 << 19)
      try other.resize(to: 100_000)
      #expect(pool.reservedByteCount == (1 << 19) + 100_000)
    }
    #expect(pool.reservedByteCount == 0)
    #expect(pool.peakByteCount == 1 << 20)
  }
}
