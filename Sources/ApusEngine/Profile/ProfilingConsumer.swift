import ApusValues
import ApusVectors

/// Stands between two nodes: counts what the one puts out and charges time to the other.
final class ProfilingConsumer: BatchConsumer {
  private let profile: WorkerProfile
  private let producer: Int
  private let consumer: Int
  private let output: any BatchConsumer

  /// - Parameter consumer: the node that `output` belongs to; the producer's own may be repeated.
  init(_ profile: WorkerProfile, from producer: Int, to consumer: Int, output: any BatchConsumer) {
    self.profile = profile
    self.producer = producer
    self.consumer = consumer
    self.output = output
  }

  func consume(_ batch: Batch) throws(SQLError) -> Bool {
    profile.count(batch, from: producer)
    let previous = profile.enter(consumer)
    defer { profile.enter(previous) }
    return try output.consume(batch)
  }

  func flush() throws(SQLError) {
    let previous = profile.enter(consumer)
    defer { profile.enter(previous) }
    try output.flush()
  }
}
