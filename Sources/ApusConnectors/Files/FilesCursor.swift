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
  private var morsel: FileMorsel?
  private var rows: RowGroupReader?
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
      if let morsel, let rows {
        do throws(FormatError) {
          if let read = try rows.next(scan.request.batchCapacity) {
            return assemble(read.columns, count: read.count, morsel)
          }
        } catch {
          throw error.sqlError(file: morsel.file.name)
        }
      }
      if rows != nil { scan.noteDone() }
      rows = nil
      morsel = nil
      guard let fetch = try takeNext() else { return nil }
      do throws(SQLError) {
        if fetch.morsel.reader.isRemote { ahead = try fetchNext() }
        rows = try open(fetch)
      } catch {
        fetch.pending.cancel()
        try? fetch.pending.wait()
        throw error
      }
      morsel = fetch.morsel
    }
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

  /// Puts the columns of the request together: read, missing and partition columns.
  private func assemble(_ read: [ColumnVector], count: Int, _ morsel: FileMorsel) -> Batch {
    let table = scan.table
    var columns: [ColumnVector] = []
    columns.reserveCapacity(scan.request.columns.count)
    var adaptations = morsel.adaptations.makeIterator()
    var vectors = read.makeIterator()
    for column in scan.request.columns {
      let type = table.schema.fields[column].type
      if column >= table.fileColumnCount {
        let value = morsel.partitionValues[column - table.fileColumnCount]
        columns.append(.constant(value, type: type, count: count))
      } else if let adaptation = adaptations.next(), case .column = adaptation.source,
        let vector = vectors.next()
      {
        columns.append(adaptation.apply(vector))
      } else {
        columns.append(.constant(.null, type: type, count: count))
      }
    }
    return Batch(columns: columns, rowCount: count)
  }
}
