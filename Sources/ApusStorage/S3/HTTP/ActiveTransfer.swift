import CCurl
import Glibc

/// A transfer with what libcurl holds pointers to while it runs.
///
/// Safety: made, used and freed by the thread of the client. The transfer, and with it the body,
/// is held until libcurl has let go of the handle.
struct ActiveTransfer {
  let transfer: HTTPTransfer
  private let headers: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>

  init(
    _ transfer: HTTPTransfer,
    _ easy: UnsafeMutableRawPointer,
    _ curl: UnsafePointer<apus_curl>
  ) {
    let request = transfer.request
    self.transfer = transfer
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    var list: UnsafeMutablePointer<curl_slist>?
    for header in request.headers {
      list = apus_curl_list_append(curl, list, "\(header.name): \(header.value)") ?? list
    }
    // What libcurl would add on its own.
    for name in ["Accept", "Content-Type", "Expect"]
    where !request.headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
      list = apus_curl_list_append(curl, list, "\(name):") ?? list
    }
    headers = list

    func set(_ option: CURLoption, _ value: Int) { apus_curl_set_long(curl, easy, option, value) }
    func set(_ option: CURLoption, _ value: String) {
      apus_curl_set_text(curl, easy, option, value)
    }
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_BUFFERSIZE, 256 << 10)
    set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
    set(CURLOPT_CONNECTTIMEOUT_MS, request.limits.connecting)
    set(CURLOPT_LOW_SPEED_LIMIT, 1)
    set(CURLOPT_LOW_SPEED_TIME, request.limits.silence)
    if let total = request.limits.total { set(CURLOPT_TIMEOUT_MS, total) }
    if !request.mayUseProxy { set(CURLOPT_NOPROXY, "*") }
    if let file = request.certificateFile { set(CURLOPT_CAINFO, file) }
    apus_curl_set_pointer(curl, easy, CURLOPT_ERRORBUFFER, errorText)
    apus_curl_set_pointer(curl, easy, CURLOPT_HTTPHEADER, list)

    switch request.method {
    case .get: set(CURLOPT_HTTPGET, 1)
    case .head: set(CURLOPT_NOBODY, 1)
    case .put, .post, .delete:
      if let body = request.body {
        apus_curl_set_pointer(curl, easy, CURLOPT_POSTFIELDS, body.bytes.baseAddress)
        apus_curl_set_size(curl, easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
      }
      set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }

    let context = Unmanaged.passUnretained(transfer).toOpaque()
    apus_curl_set_pointer(curl, easy, CURLOPT_HEADERDATA, context)
    apus_curl_set_receiver(curl, easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
      let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return transfer.receiveHeader(line) ? size * count : 0
    }
    // Libcurl repeats on its own what a kept connection swallowed: each time counts.
    apus_curl_set_pointer(curl, easy, CURLOPT_PREREQDATA, context)
    apus_curl_set_announcer(curl, easy, CURLOPT_PREREQFUNCTION) { context, _, _, _, _ in
      guard let context else { return CURL_PREREQFUNC_ABORT }
      Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue().begin()
      return CURL_PREREQFUNC_OK
    }
    apus_curl_set_pointer(curl, easy, CURLOPT_WRITEDATA, context)
    apus_curl_set_receiver(curl, easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
      let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return transfer.receive(body) ? size * count : 0
    }
  }

  /// What libcurl says of an error.
  func message(_ code: CURLcode, _ curl: UnsafePointer<apus_curl>) -> String {
    guard code != CURLE_OK else { return "" }
    let text = String(cString: errorText)
    if !text.isEmpty { return text }
    return apus_curl_easy_strerror(curl, code).map { String(cString: $0) } ?? "error \(code)"
  }

  func free(_ curl: UnsafePointer<apus_curl>) {
    apus_curl_list_free(curl, headers)
    errorText.deallocate()
  }
}
