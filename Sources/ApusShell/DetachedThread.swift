import Glibc

/// Runs `body` on a thread of its own, which ends with it.
///
/// - Returns: false if the system gives no thread; `body` is then never run.
@discardableResult
package func startThread(_ body: @escaping () -> Void) -> Bool {
  let owner = Unmanaged.passRetained(ThreadBody(body))
  var thread = pthread_t()
  let status = pthread_create(
    &thread,
    nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    },
    owner.toOpaque()
  )
  guard status == 0 else {
    owner.release()
    return false
  }
  pthread_detach(thread)
  return true
}

/// What a thread does.
private final class ThreadBody {
  let run: () -> Void

  init(_ run: @escaping () -> Void) { self.run = run }
}
