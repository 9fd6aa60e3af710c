import ApusPlanner
import ApusValues
import ApusVectors

/// One worker's way through the row groups of a scan.
final class FilesCursor: BatchCursor {
  private let scan: FilesScan
  private var current: FileRows?

  init(_ scan: FilesScan) { self.scan = scan }

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
    guard let fetch = try scan.nextFetch() else { return false }
    do throws(SQLError) {
      current = FileRows(fetch.morsel, try fetch.open(scan), scan)
    } catch {
      fetch.pending.abandon()
      throw error
    }
    return true
  }
}
