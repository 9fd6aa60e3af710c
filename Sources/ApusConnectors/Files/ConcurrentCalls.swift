import ApusStorage
import ApusValues
import Glibc
import Synchronization

// A bucket answers sixteen requests as fast as one, so what takes many is asked for at once. Threads
// are made for the occasion: beside a request their price is nothing.

/// How many requests are under way at once for places such as this. A disk answers from memory, and
/// for that no thread is worth its while.
func requestLimit(for place: ObjectPath) -> Int { place.scheme == nil ? 1 : 16 }

/// Makes calls that wait, at most `limit` at a time, and returns their results in order.
///
/// - Throws: the first error; calls that have not begun by then are not made.
func concurrently<Result: Sendable>(
  _ count: Int,
  limit: Int,
  _ call: @escaping @Sendable (Int) throws(SQLError) -> Result
) throws(SQLError) -> [Result] {
  let calls = ConcurrentCalls(count, call)
  var threads: [pthread_t] = []
  // This thread is one of them; if there can be no others it makes all calls.
  for _ in 0..<max(0, min(count, limit) - 1) {
    let body = Unmanaged.passRetained(ThreadBody { calls.work() })
    var thread = pthread_t()
    let status = pthread_create(
      &thread,
      nil,
      { context in
        if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      },
      body.toOpaque()
    )
    guard status == 0 else {
      body.release()
      break
    }
    threads.append(thread)
  }
  calls.work()
  for thread in threads { pthread_join(thread, nil) }
  return try calls.results()
}

/// What a thread does.
private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Calls that threads take one by one.
private final class ConcurrentCalls<Result: Sendable>: Sendable {
  private struct State {
    var next = 0
    var results: [Int: Result] = [:]
    var error: SQLError?
  }

  private let count: Int
  private let call: @Sendable (Int) throws(SQLError) -> Result
  private let state = Mutex(State())

  init(_ count: Int, _ call: @escaping @Sendable (Int) throws(SQLError) -> Result) {
    self.count = count
    self.call = call
  }

  /// Makes calls until none is left.
  func work() {
    while let index = take() {
      do throws(SQLError) {
        let result = try call(index)
        state.withLock { $0.results[index] = result }
      } catch {
        state.withLock { $0.error = $0.error ?? error }
      }
    }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.error == nil, state.next < count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func results() throws(SQLError) -> [Result] {
    let (results, error) = state.withLock { ($0.results, $0.error) }
    if let error { throw error }
    return (0..<count).compactMap { results[$0] }
  }
}
