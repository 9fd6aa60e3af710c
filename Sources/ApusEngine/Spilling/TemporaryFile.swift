import ApusValues
import CApusKernels
import Glibc
import Synchronization

/// Where the operators of one query put what does not fit in memory: one file of the query's own.
///
/// The file loses its name as soon as it is open, so nothing is left of it however the process ends.
/// It is made when it is first written to.
package final class TemporaryFile: Sendable {
  /// Bytes that were written together.
  struct Extent: Sendable {
    var offset: Int
    var byteCount: Int
  }

  private struct State {
    var descriptor: Int32?
    var end = 0
    var heldByteCount = 0
  }

  private let directory: String
  /// The most bytes that may lie in the file at a time.
  private let limit: Int
  private let state = Mutex(State())
  private let written = Atomic<Int>(0)

  package init(directory: String, limit: Int = .max) {
    self.directory = directory
    self.limit = limit
  }

  deinit { state.withLock { if let descriptor = $0.descriptor { close(descriptor) } } }

  /// All bytes ever written.
  package var writtenByteCount: Int { written.load(ordering: .relaxed) }

  /// Writes bytes to a place of their own.
  ///
  /// - Throws: OUT_OF_SPILL_SPACE if the directory cannot be written to or is full, EXCEEDED_SPILL_LIMIT
  ///   if the limit is reached.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> Extent {
    let (descriptor, extent) = try reserve(bytes.count)
    do throws(SQLError) {
      try transfer(extent, "write to", nothingDone: ENOSPC) { done in
        pwrite(
          descriptor,
          bytes.baseAddress.map { $0 + done },
          bytes.count - done,
          extent.offset + done
        )
      }
    } catch {
      free(extent)
      throw error
    }
    written.add(bytes.count, ordering: .relaxed)
    return extent
  }

  private func reserve(_ byteCount: Int) throws(SQLError) -> (Int32, Extent) {
    try state.withLock { (state) throws(SQLError) -> (Int32, Extent) in
      guard byteCount <= limit - state.heldByteCount else {
        throw SQLError(
          .exceededSpillLimit,
          "Query exceeded local spill limit of \(MemoryPool.text(ofByteCount: limit))"
        )
      }
      let descriptor: Int32
      if let known = state.descriptor { descriptor = known } else { descriptor = try open() }
      state.descriptor = descriptor
      let extent = Extent(offset: state.end, byteCount: byteCount)
      state.end += byteCount
      state.heldByteCount += byteCount
      return (descriptor, extent)
    }
  }

  /// Fills `output`, which has an extent's size, with what lies there.
  func read(_ extent: Extent, into output: UnsafeMutableRawBufferPointer) throws(SQLError) {
    guard let descriptor = state.withLock({ $0.descriptor }) else {
      throw .internal("a temporary file was read before it was written")
    }
    try transfer(extent, "read from", nothingDone: EIO) { done in
      pread(
        descriptor,
        output.baseAddress.map { $0 + done },
        output.count - done,
        extent.offset + done
      )
    }
  }

  /// Repeats what the system does in pieces until all of an extent is done.
  ///
  /// - Parameters:
  ///   - nothingDone: the error that it means when no byte was done.
  ///   - step: goes on behind so many bytes and returns how many more it has done, or -1 with `errno`.
  private func transfer(
    _ extent: Extent,
    _ action: String,
    nothingDone: Int32,
    _ step: (Int) -> Int
  ) throws(SQLError) {
    var done = 0
    while done < extent.byteCount {
      let count = step(done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(action, count == 0 ? nothingDone : errno) }
      done += count
    }
  }

  /// Gives back the space of an extent, which will not be read again.
  func free(_ extent: Extent) {
    state.withLock { state in
      state.heldByteCount -= extent.byteCount
      guard let descriptor = state.descriptor else { return }
      // A file system that cannot do so keeps the space until the query ends.
      _ = apus_punch_hole(
        descriptor,
        Int64(extent.offset),
        Int64(extent.byteCount)
      )
    }
  }

  private func open() throws(SQLError) -> Int32 {
    var name = Array((directory + "/apus-XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw failure("open a file in", errno) }
    unlink(&name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  private func failure(_ action: String, _ code: Int32) -> SQLError {
    SQLError(
      .outOfSpillSpace,
      "Cannot \(action) the temporary directory '\(directory)': \(String(cString: strerror(code)))",
      hint:
        "A query that needs more memory than it may have writes there; --temporary-directory names "
        + "another place, --memory-limit gives it more memory."
    )
  }
}
