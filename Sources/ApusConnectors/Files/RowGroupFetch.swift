import ApusFormats
import ApusStorage
import ApusValues
import ApusVectors

/// What a probe reads of a row group, on its way.
struct RowGroupProbing: Sendable {
  let morsel: FileMorsel
  private let probe: RowGroupProbe
  private let buffers: [VectorBuffer]
  let pending: any PendingRead

  /// Begins to read what may leave rows of a row group out before its data are read.
  ///
  /// - Returns: nil if there is nothing to ask, or if the data are so few that it is not worth a
  ///   request.
  init?(_ morsel: FileMorsel) {
    guard !morsel.domains.isEmpty, morsel.byteCount > morsel.greatestGap else { return nil }
    let domains = Dictionary(
      morsel.domains.map { ($0.column, $0.domain) },
      uniquingKeysWith: { first, _ in first }
    )
    let probe = RowGroupProbe(
      morsel.file,
      rowGroup: morsel.rowGroup,
      columns: morsel.columns,
      domains: domains,
      greatestGap: morsel.greatestGap
    )
    guard let probe else { return nil }
    self.morsel = morsel
    self.probe = probe
    buffers = probe.ranges.map { RowGroupReader.makeBuffer(for: $0) }
    pending = morsel.reader.start(
      zip(probe.ranges, buffers).map { range, buffer in
        ObjectRead(
          offset: range.lowerBound,
          buffer: UnsafeMutableRawBufferPointer(start: buffer.base, count: range.count)
        )
      }
    )
  }

  /// Waits for the bytes and evaluates them; the scan is told.
  func finish(_ scan: FilesScan) throws(SQLError) -> RowGroupFindings {
    let findings: RowGroupFindings
    do {
      try pending.wait()
      scan.noteRead(byteCount: probe.ranges.reduce(0) { $0 + $1.count })
      findings = try probe.findings(buffers)
    } catch let error as StorageError {
      throw error.sqlError
    } catch let error as FormatError {
      throw error.sqlError(file: morsel.file.name)
    } catch {
      throw .internal("\(error)")
    }
    scan.note(findings, of: morsel)
    return findings
  }
}

/// The wanted bytes of a row group, on their way.
struct RowGroupFetch: Sendable {
  let morsel: FileMorsel
  private let plan: RowGroupPlan
  private let buffers: [VectorBuffer]
  let pending: any PendingRead

  /// Begins to read the wanted columns of those rows that a probe has left.
  init(_ morsel: FileMorsel, _ findings: RowGroupFindings?) throws(SQLError) {
    self.morsel = morsel
    do {
      plan = try RowGroupPlan(
        morsel.file,
        rowGroup: morsel.rowGroup,
        columns: morsel.columns,
        findings: findings,
        greatestGap: morsel.greatestGap
      )
    } catch {
      throw error.sqlError(file: morsel.file.name)
    }
    let (plan, buffers) = (plan, RowGroupReader.makeBuffers(for: plan))
    self.buffers = buffers
    pending = morsel.reader.start(
      plan.reads.map { range in
        let (index, offset) = plan.place(of: range)
        let start = buffers[index].base + offset
        return ObjectRead(
          offset: range.lowerBound,
          buffer: UnsafeMutableRawBufferPointer(start: start, count: range.count)
        )
      }
    )
  }

  /// The bytes to read.
  var byteCount: Int { plan.byteCount }

  /// Waits for the bytes.
  func open(_ scan: FilesScan) throws(SQLError) -> RowGroupReader {
    do {
      try pending.wait()
    } catch {
      throw error.sqlError
    }
    scan.noteRead(byteCount: byteCount)
    do {
      return try RowGroupReader(plan, buffers: buffers)
    } catch {
      throw error.sqlError(file: morsel.file.name)
    }
  }
}

extension PendingRead {
  /// Gives bytes up. Their buffers may go only when nobody writes to them any more.
  func abandon() {
    cancel()
    try? wait()
  }
}

extension FileMorsel {
  /// Bytes that take less time to read than another request.
  var greatestGap: Int { reader.isRemote ? 1 << 20 : RowGroupPlan.greatestGap }

  /// The size of the columns to read, as stored.
  var byteCount: Int {
    columns.reduce(0) { $0 + file.storedByteCount(column: $1, rowGroup: rowGroup) }
  }
}
