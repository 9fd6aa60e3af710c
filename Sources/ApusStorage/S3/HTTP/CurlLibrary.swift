import CCurl

/// The functions of libcurl, found in the system's library when the first request is made.
///
/// Safety: immutable once made; libcurl's functions may be called by any thread, each handle by one
/// at a time.
struct CurlLibrary: @unchecked Sendable {
  private let functions: UnsafePointer<apus_curl>

  /// Nil if the system has no libcurl.
  static let shared = CurlLibrary()

  private init?() {
    // Never given back: it lives as long as the process.
    let functions = UnsafeMutablePointer<apus_curl>.allocate(capacity: 1)
    functions.initialize(to: apus_curl())
    guard apus_curl_load(functions), apus_curl_global_init(functions) == CURLE_OK else {
      functions.deallocate()
      return nil
    }
    self.functions = UnsafePointer(functions)
  }

  var pointer: UnsafePointer<apus_curl> { functions }
}
