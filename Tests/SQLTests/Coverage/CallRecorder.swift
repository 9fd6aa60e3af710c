import ApusEngine
import ApusPlanner
import ApusTestSupport
import ApusValues
import ApusVectors
import Synchronization

/// Notes what each signature was called with by statements that succeeded.
final class CallRecorder: CallObserver {
  /// A signature by its name and its position among those of the name.
  struct Key: Hashable {
    var name: String
    var overload: Int
  }

  private struct State {
    var known: [Key: CallFacts] = [:]
    var ofStatement: [Key: CallFacts] = [:]
    /// Aggregates without groups that no row has come to.
    var withoutRows: Set<Key> = []
  }

  private let state = Mutex(State())

  /// What is known of all signatures.
  var facts: [Key: CallFacts] { state.withLock { $0.known } }

  func observe(_ call: ObservedCall) {
    let key = Key(name: call.function.name, overload: call.function.overload)
    let signatures = FunctionLibrary.standard.signatures(named: key.name)
    let known = state.withLock { $0.known[key] ?? CallFacts() }
    let facts = CallFacts(call, of: signatures[key.overload], known: known)
    state.withLock { state in
      state.ofStatement[key] = facts.union(state.ofStatement[key] ?? CallFacts())
      if call.rows.count > 0 {
        state.withoutRows.remove(key)
      } else if case .aggregate(isGrouped: false) = call.place {
        state.withoutRows.insert(key)
      }
    }
  }

  func beginStatement() {
    state.withLock { state in
      state.ofStatement = [:]
      state.withoutRows = []
    }
  }

  func endStatement() {
    state.withLock { state in
      for key in state.withoutRows { state.ofStatement[key]?.facts.insert(.empty) }
      state.known.merge(state.ofStatement) { $0.union($1) }
    }
    beginStatement()
  }
}

/// A database whose calls a recorder notes.
struct RecordedDatabase: SLTDatabase {
  let database: ApusDatabase
  let recorder: CallRecorder

  func run(_ sql: String) throws(SQLError) -> SLTResult {
    recorder.beginStatement()
    let result = try database.run(sql)
    recorder.endStatement()
    return result
  }
}
