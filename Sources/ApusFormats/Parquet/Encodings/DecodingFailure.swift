/// What is wrong with the bytes of a page; whoever reads the page knows the column and the offset.
struct DecodingFailure: Error {
  let message: String

  init(_ message: String) { self.message = message }

  static var truncated: DecodingFailure {
    DecodingFailure("a page has fewer values than it states")
  }
}

/// Bytes that may be read behind the end of any page, so that kernels load whole words.
let readableSlack = 16
