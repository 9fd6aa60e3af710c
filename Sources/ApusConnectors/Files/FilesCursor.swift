import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors

/// One worker's way through the row groups of a scan.
///
/// Where requests take long, the bytes of the next row group are on their way while this one is
/// decoded.
final class FilesCursor: BatchCursor {
  private let scan: FilesScan
  private var current: FileRows?
  private var ahead: Fetch?

  /// The bytes of a row group on their way.
  private struct Fetch {
    var morsel: FileMorsel
    var plan: RowGroupPlan
    var buffers: [VectorBuffer]
    var pending: any PendingRead
  }

  init(_ scan: FilesScan) { self.scan = scan }

  deinit {
    guard let ahead else { return }
    // The buffers may go only when nobody writes to them any more.
    ahead.pending.cancel()
    try? ahead.pending.wait()
  }

  func next() throws(SQLError) -> Batch? {
    while true {
      if let batch = try current?.next(scan.request.batchCapacity) { return batch }
      guard try goToNextRowGroup() else { return nil }
    }
  }

  func next(where filter: any VectorFilter) throws(SQLError) -> Batch? {
    while true {
      if let batch = try current?.next(scan.request.batchCapacity, where: filter) { return batch }
      guard try goToNextRowGroup() else { return nil }
    }
  }

  private func goToNextRowGroup() throws(SQLError) -> Bool {
    if current != nil { scan.noteDone() }
    current = nil
    guard let fetch = try takeNext() else { return false }
    do throws(SQLError) {
      if fetch.morsel.reader.isRemote { ahead = try fetchNext() }
      current = FileRows(fetch.morsel, try open(fetch), scan)
    } catch {
      fetch.pending.cancel()
      try? fetch.pending.wait()
      throw error
    }
    return true
  }

  /// Returns the row group that is being fetched, or begins with the next.
  private func takeNext() throws(SQLError) -> Fetch? {
    guard let taken = ahead else { return try fetchNext() }
    ahead = nil
    return taken
  }

  /// Begins to fetch the wanted columns of the next row group.
  private func fetchNext() throws(SQLError) -> Fetch? {
    guard let morsel = try scan.nextMorsel() else { return nil }
    let columns = morsel.adaptations.compactMap { adaptation -> Int? in
      if case .column(let index) = adaptation.source { index } else { nil }
    }
    let plan: RowGroupPlan
    do {
      plan = try RowGroupPlan(
        morsel.file,
        rowGroup: morsel.rowGroup,
        columns: columns,
        greatestGap: morsel.reader.isRemote
          ? FilesCursor.greatestRemoteGap : RowGroupPlan.greatestGap
      )
    } catch {
      throw error.sqlError(file: morsel.file.name)
    }
    var buffers: [VectorBuffer] = []
    var reads: [ObjectRead] = []
    for range in plan.ranges {
      let buffer = RowGroupReader.makeBuffer(for: range)
      let bytes = UnsafeMutableRawBufferPointer(start: buffer.base, count: range.count)
      reads.append(ObjectRead(offset: range.lowerBound, buffer: bytes))
      buffers.append(buffer)
    }
    return Fetch(
      morsel: morsel,
      plan: plan,
      buffers: buffers,
      pending: morsel.reader.start(reads)
    )
  }

  /// Bytes that take less time than another request.
  private static let greatestRemoteGap = 1 << 20

  /// Waits for the bytes of a row group.
  private func open(_ fetch: Fetch) throws(SQLError) -> RowGroupReader {
    do {
      try fetch.pending.wait()
    } catch {
      throw error.sqlError
    }
    scan.noteRead(byteCount: fetch.plan.byteCount)
    do {
      return try RowGroupReader(fetch.plan, buffers: fetch.buffers)
    } catch {
      throw error.sqlError(file: fetch.morsel.file.name)
    }
  }
}
