/// Puts the bytes of a range where its reads want them, as they come.
///
/// Believes a body only if its head says that it is the range that was asked for of an object of the
/// known size, and if it is as long as it says.
///
/// Safety: the transfer calls from one thread at a time, and not at all once it was cancelled; until
/// then whoever waits keeps the buffers.
final class ScatteringSink: HTTPSink, @unchecked Sendable {
  private let target: CoalescedRange
  private let objectSize: Int
  private let activities: [StorageActivity]
  /// Where the next byte belongs in the object; nil while a body is no part of it.
  private var position: Int?
  /// Reads before this one are full.
  private var firstRead = 0
  private let other = CollectingSink(limit: 1 << 20)

  init(_ target: CoalescedRange, objectSize: Int, countedIn activities: [StorageActivity]) {
    self.target = target
    self.objectSize = objectSize
    self.activities = activities
  }

  var collected: [UInt8] { other.collected }

  func begin(_ head: HTTPHead) throws(HTTPError) {
    position = nil
    switch head.status {
    case 206:
      let expected = "bytes \(target.range.lowerBound)-\(target.range.upperBound - 1)/\(objectSize)"
      let range = head.headers["content-range"] ?? "nothing"
      guard range == expected else {
        throw .unexpected("the answer has \(range) instead of \(expected)")
      }
    case 200:
      guard target.range == 0..<objectSize, head.contentLength == objectSize else {
        throw .unexpected("the answer has the whole object instead of a range of it")
      }
    default: return
    }
    if let length = head.contentLength, length != target.range.count { throw .truncated }
    position = target.range.lowerBound
  }

  func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
    guard let start = position else { return try other.receive(bytes) }
    let end = start + bytes.count
    guard end <= target.range.upperBound else {
      throw .unexpected("the answer is longer than was asked for")
    }
    for activity in activities { activity.noteReceived(bytes.count) }
    while firstRead < target.reads.count, target.reads[firstRead].range.upperBound <= start {
      firstRead += 1
    }
    for read in target.reads[firstRead...] {
      let wanted = read.range
      if wanted.lowerBound >= end { break }
      let part = wanted.clamped(to: start..<end)
      if part.isEmpty { continue }
      UnsafeMutableRawBufferPointer(rebasing: read.buffer[(part.lowerBound - wanted.lowerBound)...])
        .copyMemory(
          from: UnsafeRawBufferPointer(
            rebasing: bytes[part.lowerBound - start..<part.upperBound - start]
          )
        )
    }
    position = end
  }

  func end() throws(HTTPError) {
    if let position, position != target.range.upperBound { throw .truncated }
  }
}
