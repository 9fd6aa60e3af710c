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
    while let morsel = try scan.nextMorsel() {
      let findings = try probe(morsel)
      if let findings {
        scan.note(findings, of: morsel)
        if findings.rows.isEmpty { continue }
      }
      let plan: RowGroupPlan
      do {
        plan = try RowGroupPlan(
          morsel.file,
          rowGroup: morsel.rowGroup,
          columns: morsel.columns,
          findings: findings,
          greatestGap: greatestGap(morsel)
        )
      } catch {
        throw error.sqlError(file: morsel.file.name)
      }
      let buffers = RowGroupReader.makeBuffers(for: plan)
      let reads = plan.reads.map { range in
        let (index, offset) = plan.place(of: range)
        let start = buffers[index].base + offset
        return ObjectRead(
          offset: range.lowerBound,
          buffer: UnsafeMutableRawBufferPointer(start: start, count: range.count)
        )
      }
      return Fetch(
        morsel: morsel,
        plan: plan,
        buffers: buffers,
        pending: morsel.reader.start(reads)
      )
    }
    return nil
  }

  /// Reads what may leave rows of a row group out before its data are read; nil if that is not worth
  /// a request.
  private func probe(_ morsel: FileMorsel) throws(SQLError) -> RowGroupFindings? {
    if morsel.domains.isEmpty { return nil }
    let columns = morsel.columns
    let byteCount = columns.reduce(0) {
      $0 + morsel.file.storedByteCount(column: $1, rowGroup: morsel.rowGroup)
    }
    guard byteCount > greatestGap(morsel) else { return nil }
    let domains = Dictionary(
      morsel.domains.map { ($0.column, $0.domain) },
      uniquingKeysWith: { first, _ in first }
    )
    let probe = RowGroupProbe(
      morsel.file,
      rowGroup: morsel.rowGroup,
      columns: columns,
      domains: domains,
      greatestGap: greatestGap(morsel)
    )
    guard let probe else { return nil }
    let buffers = probe.ranges.map { RowGroupReader.makeBuffer(for: $0) }
    let reads = zip(probe.ranges, buffers).map { range, buffer in
      ObjectRead(
        offset: range.lowerBound,
        buffer: UnsafeMutableRawBufferPointer(start: buffer.base, count: range.count)
      )
    }
    do {
      try morsel.reader.start(reads).wait()
      scan.noteRead(byteCount: probe.ranges.reduce(0) { $0 + $1.count })
      return try probe.findings(buffers)
    } catch let error as StorageError {
      throw error.sqlError
    } catch let error as FormatError {
      throw error.sqlError(file: morsel.file.name)
    } catch {
      throw .internal("\(error)")
    }
  }

  /// Bytes that take less time than another request.
  private func greatestGap(_ morsel: FileMorsel) -> Int {
    morsel.reader.isRemote ? 1 << 20 : RowGroupPlan.greatestGap
  }

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
