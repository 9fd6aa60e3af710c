import ApusValues

#if canImport(Glibc)
  import Glibc
#endif

/// A LIKE pattern made ready: what stands between its `%`s, in order.
///
///     'Ne%rk_'   anchored at both ends   segments  Ne | rk + any one code point
///     '%bean%'   anchored at neither     segments  bean
///
/// A segment is a run of pieces, each literal bytes or a number of `_`. Plain arrays of numbers and
/// bytes hold them all, so that matching a row counts no references.
struct LikePattern: Sendable {
  /// Literal bytes, or so many code points.
  fileprivate struct Piece: Sendable {
    /// Where the bytes are in `bytes`; nil for code points.
    var start: Int?
    /// The number of bytes or code points.
    var count: Int
  }

  /// The pieces `first..<end`.
  fileprivate struct Segment: Sendable {
    var first: Int
    var end: Int
  }

  private var bytes: [UInt8] = []
  private var pieces: [Piece] = []
  private var segments: [Segment] = []
  /// Whether the text must begin with the first segment.
  private var isAnchoredAtStart = true
  /// Whether the text must end with the last segment.
  private var isAnchoredAtEnd = true

  /// - Throws: INVALID_FUNCTION_ARGUMENT if the escape is not one character or stands before
  ///   anything but `%`, `_` and itself.
  init(_ pattern: String, escape: String?) throws(SQLError) {
    var escapeScalar: Unicode.Scalar?
    if let escape {
      guard escape.unicodeScalars.count == 1 else {
        throw SQLError(.invalidFunctionArgument, "Escape string must be a single character")
      }
      escapeScalar = escape.unicodeScalars.first
    }
    var all = [Segment(first: 0, end: 0)]
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if isEscaped {
        guard scalar == "%" || scalar == "_" || scalar == escapeScalar else {
          throw LikePattern.badEscape
        }
        isEscaped = false
        append(scalar, to: all[all.count - 1])
      } else if scalar == escapeScalar {
        isEscaped = true
      } else if scalar == "%" {
        all.append(Segment(first: pieces.count, end: pieces.count))
      } else if scalar == "_" {
        appendCodePoint(to: all[all.count - 1])
      } else {
        append(scalar, to: all[all.count - 1])
      }
      all[all.count - 1].end = pieces.count
    }
    if isEscaped { throw LikePattern.badEscape }
    let isEmpty = { (segment: Segment) in segment.first == segment.end }
    isAnchoredAtStart = all.count == 1 || !isEmpty(all[0])
    isAnchoredAtEnd = all.count == 1 || !isEmpty(all[all.count - 1])
    segments = all.count == 1 ? all : all.filter { !isEmpty($0) }
  }

  private static var badEscape: SQLError {
    SQLError(
      .invalidFunctionArgument,
      "Escape character must be followed by '%', '_' or the escape character itself"
    )
  }

  private mutating func append(_ scalar: Unicode.Scalar, to segment: Segment) {
    let encoded = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
    if segment.first == pieces.count || pieces[pieces.count - 1].start == nil {
      pieces.append(Piece(start: bytes.count, count: 0))
    }
    pieces[pieces.count - 1].count += encoded.count
    bytes.append(contentsOf: encoded)
  }

  private mutating func appendCodePoint(to segment: Segment) {
    if segment.first < pieces.count, pieces[pieces.count - 1].start == nil {
      pieces[pieces.count - 1].count += 1
    } else {
      pieces.append(Piece(start: nil, count: 1))
    }
  }

  /// Calls `body` with what matches texts, valid during the call.
  func withMatcher<Result>(_ body: (LikeMatcher) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { bytes in
      try pieces.withUnsafeBufferPointer { pieces in
        try segments.withUnsafeBufferPointer { segments in
          try body(
            LikeMatcher(
              bytes: bytes,
              pieces: pieces,
              segments: segments,
              isAnchoredAtStart: isAnchoredAtStart,
              isAnchoredAtEnd: isAnchoredAtEnd
            )
          )
        }
      }
    }
  }

  /// Whether the whole text matches.
  func matches(_ text: UnsafeRawBufferPointer) -> Bool { withMatcher { $0.matches(text) } }
}

/// A pattern at work.
///
/// Each segment takes the first place where it fits, which loses no match because segments have a
/// fixed number of code points.
///
/// Safety: pointers are those of a `LikePattern`'s arrays within `withMatcher`; every read of the
/// text is below its count.
struct LikeMatcher {
  fileprivate let bytes: UnsafeRawBufferPointer
  fileprivate let pieces: UnsafeBufferPointer<LikePattern.Piece>
  fileprivate let segments: UnsafeBufferPointer<LikePattern.Segment>
  fileprivate let isAnchoredAtStart: Bool
  fileprivate let isAnchoredAtEnd: Bool

  /// Whether the whole text matches.
  func matches(_ text: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    var index = 0
    var end = segments.count
    if end == 0 { return true }
    if isAnchoredAtStart {
      guard let next = match(segments[0], in: text, at: 0) else { return false }
      if end == 1 { return !isAnchoredAtEnd || next == text.count }
      position = next
      index = 1
    }
    if isAnchoredAtEnd { end -= 1 }
    while index < end {
      guard let next = find(segments[index], in: text, from: position) else { return false }
      position = next
      index += 1
    }
    guard isAnchoredAtEnd else { return true }
    let last = segments[end]
    guard let start = start(ofEnding: last, in: text), start >= position else { return false }
    return match(last, in: text, at: start) == text.count
  }

  /// The literal bytes that are the whole segment, if it has no `_`.
  @inline(__always)
  private func literal(_ segment: LikePattern.Segment) -> UnsafeRawBufferPointer? {
    if segment.first == segment.end { return UnsafeRawBufferPointer(rebasing: bytes[..<0]) }
    guard segment.end == segment.first + 1 else { return nil }
    return literal(pieces[segment.first])
  }

  @inline(__always)
  private func literal(_ piece: LikePattern.Piece) -> UnsafeRawBufferPointer? {
    guard let start = piece.start else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + piece.count)])
  }

  /// Returns the end of the segment if it stands at `position`.
  private func match(
    _ segment: LikePattern.Segment,
    in text: UnsafeRawBufferPointer,
    at position: Int
  ) -> Int? {
    var position = position
    for index in segment.first..<segment.end {
      let piece = pieces[index]
      if let needle = literal(piece) {
        guard stands(needle, in: text, at: position) else { return nil }
        position += needle.count
      } else {
        for _ in 0..<piece.count {
          guard position < text.count else { return nil }
          position += 1
          while position < text.count, text[position] & 0xc0 == 0x80 { position += 1 }
        }
      }
    }
    return position
  }

  @inline(__always)
  private func stands(
    _ needle: UnsafeRawBufferPointer,
    in text: UnsafeRawBufferPointer,
    at position: Int
  ) -> Bool {
    guard text.count - position >= needle.count, let base = text.baseAddress,
      let needleBase = needle.baseAddress
    else { return needle.isEmpty }
    return memcmp(base + position, needleBase, needle.count) == 0
  }

  /// Returns the end of the first place at or after `position` where the segment stands.
  private func find(
    _ segment: LikePattern.Segment,
    in text: UnsafeRawBufferPointer,
    from position: Int
  ) -> Int? {
    if let needle = literal(segment) {
      return ByteSearch.find(needle, in: text, from: position).map { $0 + needle.count }
    }
    var start = position
    while start <= text.count {
      if let end = match(segment, in: text, at: start) { return end }
      start += 1
      while start < text.count, text[start] & 0xc0 == 0x80 { start += 1 }
    }
    return nil
  }

  /// Returns where the segment must begin to end with the text.
  private func start(ofEnding segment: LikePattern.Segment, in text: UnsafeRawBufferPointer)
    -> Int?
  {
    var start = text.count
    for index in (segment.first..<segment.end).reversed() {
      let piece = pieces[index]
      if piece.start != nil {
        start -= piece.count
      } else {
        for _ in 0..<piece.count {
          start -= 1
          while start > 0, start < text.count, text[start] & 0xc0 == 0x80 { start -= 1 }
        }
      }
      if start < 0 { return nil }
    }
    return start
  }
}
