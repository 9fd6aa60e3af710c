import ApusStorage
import ApusValues
import Dispatch
import Synchronization
import Testing

@testable import ApusConnectors

@Suite struct ConcurrentCallsTests {
  @Test(arguments: [0, 1, 2, 7, 500], [1, 4, 16])
  func resultsComeInOrder(_ count: Int, _ limit: Int) throws {
    let results = try concurrently(count, limit: limit) { $0 * 3 }
    #expect(results == (0..<count).map { $0 * 3 })
  }

  @Test func callsWaitTogether() throws {
    // Each call waits until all have begun.
    let begun = Mutex(0)
    let all = DispatchSemaphore(value: 0)
    let together = try concurrently(8, limit: 8) { _ in
      let isLast = begun.withLock { begun in
        begun += 1
        return begun == 8
      }
      if isLast { for _ in 0..<8 { all.signal() } }
      return all.wait(timeout: .now() + 60) == .success
    }
    #expect(together == Array(repeating: true, count: 8))
  }

  @Test func theLimitIsKept() throws {
    let running = Mutex((now: 0, most: 0))
    _ = try concurrently(200, limit: 3) { _ in
      running.withLock { running in
        running.now += 1
        running.most = max(running.most, running.now)
      }
      running.withLock { $0.now -= 1 }
    }
    #expect(running.withLock { $0.most } <= 3)
  }

  @Test func anErrorEndsThem() {
    let made = Mutex(0)
    let error = #expect(throws: SQLError.self) {
      try concurrently(100, limit: 1) { index throws(SQLError) in
        made.withLock { $0 += 1 }
        if index == 5 { throw SQLError(.hiveFilesystemError, "no") }
      }
    }
    #expect(error?.message == "no")
    #expect(made.withLock { $0 } == 6)
  }

  @Test func aDiskNeedsNoThreads() {
    #expect(requestLimit(for: ObjectPath("/lake/t/")) == 1)
    #expect(requestLimit(for: ObjectPath("s3://lake/t/")) > 1)
  }
}
