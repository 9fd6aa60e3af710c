import ApusValues

#if canImport(Glibc)
  import Glibc
#endif

/// A LIKE pattern made ready: what stands between its `%`s, in order.
///
///     'Ne%rk_'   anchored at both ends   segments  Ne | rk + any one code point
///     '%bean%'   anchored at neither     segments  bean
///
/// A segment without `_` is searched as bytes. Each segment takes the first place where it fits,
/// which loses no match because segments have a fixed number of code points.
struct LikePattern: Sendable {
  /// A run of literal bytes or of `_`.
  enum Piece: Sendable, Equatable {
    case literal([UInt8])
    case codePoints(Int)
  }

  private enum Segment: Sendable {
    case literal(ByteSearch)
    case pieces([Piece])
  }

  private let segments: [Segment]
  /// Whether the text must begin with the first segment.
  private let isAnchoredAtStart: Bool
  /// Whether the text must end with the last segment.
  private let isAnchoredAtEnd: Bool

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
    var groups: [[Piece]] = [[]]
    var isEscaped = false
    for scalar in pattern.unicodeScalars {
      if isEscaped {
        guard scalar == "%" || scalar == "_" || scalar == escapeScalar else {
          throw LikePattern.badEscape
        }
        LikePattern.append(scalar, to: &groups[groups.count - 1])
        isEscaped = false
      } else if scalar == escapeScalar {
        isEscaped = true
      } else if scalar == "%" {
        groups.append([])
      } else if scalar == "_" {
        if case .codePoints(let count)? = groups[groups.count - 1].last {
          groups[groups.count - 1].removeLast()
          groups[groups.count - 1].append(.codePoints(count + 1))
        } else {
          groups[groups.count - 1].append(.codePoints(1))
        }
      } else {
        LikePattern.append(scalar, to: &groups[groups.count - 1])
      }
    }
    if isEscaped { throw LikePattern.badEscape }
    isAnchoredAtStart = groups.count == 1 || !groups[0].isEmpty
    isAnchoredAtEnd = groups.count == 1 || !groups[groups.count - 1].isEmpty
    segments =
      groups.count == 1
      ? [LikePattern.segment(groups[0])]
      : groups.filter { !$0.isEmpty }.map(LikePattern.segment)
  }

  private static var badEscape: SQLError {
    SQLError(
      .invalidFunctionArgument,
      "Escape character must be followed by '%', '_' or the escape character itself"
    )
  }

  private static func append(_ scalar: Unicode.Scalar, to pieces: inout [Piece]) {
    let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    if case .literal(let start)? = pieces.last {
      pieces[pieces.count - 1] = .literal(start + bytes)
    } else {
      pieces.append(.literal(bytes))
    }
  }

  private static func segment(_ pieces: [Piece]) -> Segment {
    if pieces.isEmpty { return .literal(ByteSearch([])) }
    if pieces.count == 1, case .literal(let bytes) = pieces[0] {
      return .literal(ByteSearch(bytes))
    }
    return .pieces(pieces)
  }

  /// Whether the whole text matches.
  func matches(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let last = segments.last else { return true }
    var position = 0
    var remaining = segments[...]
    if isAnchoredAtStart {
      guard let end = LikePattern.match(segments[0], in: text, at: 0) else { return false }
      remaining = remaining.dropFirst()
      position = end
      if remaining.isEmpty { return isAnchoredAtEnd ? end == text.count : true }
    }
    if isAnchoredAtEnd { remaining = remaining.dropLast() }
    for segment in remaining {
      guard let end = LikePattern.find(segment, in: text, from: position) else { return false }
      position = end
    }
    guard isAnchoredAtEnd else { return true }
    guard let start = LikePattern.start(ofEnding: last, in: text), start >= position else {
      return false
    }
    return LikePattern.match(last, in: text, at: start) == text.count
  }

  /// Returns the end of the segment if it stands at `position`.
  private static func match(
    _ segment: Segment,
    in text: UnsafeRawBufferPointer,
    at position: Int
  ) -> Int? {
    switch segment {
    case .literal(let search):
      return matches(search.needle, in: text, at: position) ? position + search.needle.count : nil
    case .pieces(let pieces):
      var position = position
      for piece in pieces {
        switch piece {
        case .literal(let bytes):
          guard matches(bytes, in: text, at: position) else { return nil }
          position += bytes.count
        case .codePoints(let count):
          for _ in 0..<count {
            guard position < text.count else { return nil }
            position += 1
            while position < text.count, text[position] & 0xc0 == 0x80 { position += 1 }
          }
        }
      }
      return position
    }
  }

  private static func matches(
    _ bytes: [UInt8],
    in text: UnsafeRawBufferPointer,
    at position: Int
  ) -> Bool {
    guard text.count - position >= bytes.count, let base = text.baseAddress else {
      return bytes.isEmpty
    }
    return bytes.withUnsafeBytes { needle in
      guard let needleBase = needle.baseAddress else { return true }
      return memcmp(base + position, needleBase, needle.count) == 0
    }
  }

  /// Returns the end of the first place at or after `position` where the segment stands.
  private static func find(
    _ segment: Segment,
    in text: UnsafeRawBufferPointer,
    from position: Int
  ) -> Int? {
    if case .literal(let search) = segment {
      return search.find(in: text, from: position).map { $0 + search.needle.count }
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
  private static func start(ofEnding segment: Segment, in text: UnsafeRawBufferPointer) -> Int? {
    switch segment {
    case .literal(let search):
      return text.count >= search.needle.count ? text.count - search.needle.count : nil
    case .pieces(let pieces):
      var start = text.count
      for piece in pieces.reversed() {
        switch piece {
        case .literal(let bytes): start -= bytes.count
        case .codePoints(let count):
          for _ in 0..<count {
            start -= 1
            while start > 0, start < text.count, text[start] & 0xc0 == 0x80 { start -= 1 }
          }
        }
        if start < 0 { return nil }
      }
      return start
    }
  }
}
