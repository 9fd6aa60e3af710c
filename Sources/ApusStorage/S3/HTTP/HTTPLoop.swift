import CCurl
import Glibc
import Synchronization

/// The thread of an HTTP client and what others leave for it.
///
/// Safety: `state` is guarded; all else is touched by the thread alone.
final class HTTPLoop: @unchecked Sendable {
  /// What debuggers and `ps -L` call the threads.
  static let threadName = "apus-http"

  private static func nameThread() {
    guard let file = fopen("/proc/thread-self/comm", "w") else { return }
    fputs(threadName, file)
    fclose(file)
  }

  private struct State {
    /// In order; no slice, which would keep what has left it.
    var waiting: [HTTPTransfer] = []
    var dropped: [HTTPTransfer] = []
    /// Nil before the thread runs and after it has ended.
    var multi: MultiHandle?
    var isStopped = false
  }

  /// Libcurl's handle of all transfers.
  ///
  /// Safety: only the thread uses it, but for waking the thread, which libcurl allows to all.
  private struct MultiHandle: @unchecked Sendable {
    var pointer: UnsafeMutableRawPointer
  }

  private let state = Mutex(State())
  private let maximumRequestCount: Int
  private var active: [UnsafeMutableRawPointer: ActiveTransfer] = [:]
  /// Handles that have done their work and will do more.
  private var spareHandles: [UnsafeMutableRawPointer] = []

  init(maximumRequestCount: Int) { self.maximumRequestCount = maximumRequestCount }

  // MARK: - For all threads

  func submit(_ transfer: HTTPTransfer) {
    guard let curl = CurlLibrary.shared?.pointer else {
      transfer.fail(.failed("HTTP needs libcurl, and the system has no libcurl.so.4"))
      return
    }
    let isSubmitted = state.withLock { state in
      if state.multi == nil, !startThread(&state, curl) { return false }
      state.waiting.append(transfer)
      apus_curl_multi_wakeup(curl, state.multi?.pointer)
      return true
    }
    if !isSubmitted { transfer.fail(.failed("no thread for HTTP could be started")) }
  }

  func drop(_ transfer: HTTPTransfer) {
    guard let curl = CurlLibrary.shared?.pointer else { return }
    state.withLock { state in
      guard let multi = state.multi else { return }
      state.dropped.append(transfer)
      apus_curl_multi_wakeup(curl, multi.pointer)
    }
  }

  func stop() {
    guard let curl = CurlLibrary.shared?.pointer else { return }
    state.withLock { state in
      state.isStopped = true
      if let multi = state.multi { apus_curl_multi_wakeup(curl, multi.pointer) }
    }
  }

  private func startThread(_ state: inout State, _ curl: UnsafePointer<apus_curl>) -> Bool {
    guard let multi = apus_curl_multi_init(curl) else { return false }
    apus_curl_multi_set_long(curl, multi, CURLMOPT_MAXCONNECTS, maximumRequestCount)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let argument = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let status = pthread_create(
      &thread,
      &attributes,
      { argument in
        guard let argument else { return nil }
        HTTPLoop.nameThread()
        Unmanaged<HTTPLoop>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      },
      argument.toOpaque()
    )
    guard status == 0 else {
      argument.release()
      apus_curl_multi_cleanup(curl, multi)
      return false
    }
    state.multi = MultiHandle(pointer: multi)
    return true
  }

  // MARK: - For the thread

  private func run() {
    // Signals are for others; a broken connection is an error code here, not a SIGPIPE.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    guard let curl = CurlLibrary.shared?.pointer,
      let multi = state.withLock({ $0.multi })?.pointer
    else { return }
    while true {
      let (next, dropped, isStopped) = take(maximumRequestCount - active.count)
      for transfer in dropped { close(transfer, curl, multi) }
      for transfer in next where !transfer.isOver { begin(transfer, curl, multi) }
      if isStopped, active.isEmpty { break }

      var runningCount: Int32 = 0
      apus_curl_multi_perform(curl, multi, &runningCount)
      var hasEnded = false
      var code = CURLE_OK
      while let easy = apus_curl_multi_next_done(curl, multi, &code) {
        hasEnded = true
        guard let ended = active.removeValue(forKey: easy) else { continue }
        apus_curl_multi_remove(curl, multi, easy)
        let sent = Int(apus_curl_sent_byte_count(curl, easy))
        ended.transfer.finish(code, ended.message(code, curl), sentByteCount: sent)
        ended.free(curl)
        recycle(easy, curl)
      }
      // What ended has made room for others.
      if !hasEnded { apus_curl_multi_poll(curl, multi, active.isEmpty ? 60_000 : 1_000) }
    }
    for easy in spareHandles { apus_curl_easy_cleanup(curl, easy) }
    spareHandles.removeAll()
    state.withLock { $0.multi = nil }
    apus_curl_multi_cleanup(curl, multi)
  }

  /// Takes what others left: at most `count` requests, and all that is to be dropped.
  private func take(_ count: Int)
    -> (next: [HTTPTransfer], dropped: [HTTPTransfer], isStopped: Bool)
  {
    state.withLock { state in
      let next = Array(state.waiting.prefix(max(0, count)))
      state.waiting.removeFirst(next.count)
      let dropped = state.dropped
      state.dropped.removeAll()
      return (next, dropped, state.isStopped && state.waiting.isEmpty)
    }
  }

  private func begin(
    _ transfer: HTTPTransfer,
    _ curl: UnsafePointer<apus_curl>,
    _ multi: UnsafeMutableRawPointer
  ) {
    guard let easy = spareHandles.popLast() ?? apus_curl_easy_init(curl) else {
      transfer.fail(.failed("out of memory"))
      return
    }
    active[easy] = ActiveTransfer(transfer, easy, curl)
    apus_curl_multi_add(curl, multi, easy)
  }

  /// Closes the connection of a transfer that nobody wants any more.
  private func close(
    _ transfer: HTTPTransfer,
    _ curl: UnsafePointer<apus_curl>,
    _ multi: UnsafeMutableRawPointer
  ) {
    guard let easy = active.first(where: { $0.value.transfer === transfer })?.key,
      let closed = active.removeValue(forKey: easy)
    else { return }
    apus_curl_multi_remove(curl, multi, easy)
    closed.free(curl)
    recycle(easy, curl)
  }

  private func recycle(_ easy: UnsafeMutableRawPointer, _ curl: UnsafePointer<apus_curl>) {
    apus_curl_easy_reset(curl, easy)
    spareHandles.append(easy)
  }
}
