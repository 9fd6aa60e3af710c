import ApusEngine
import ApusStorage
public import ApusSyntax
public import ApusValues
import Glibc
import Synchronization

/// One user's conversation with an engine: current schema, properties, running queries.
///
/// A session may be used from any thread or task. Statements of one session may run at the same
/// time; each sees the session as it was when the statement began.
public final class Session: Sendable {
  public let engine: Engine
  /// Whose SQL the session's statements are written in.
  public let dialect: Dialect

  struct State {
    var schema = Warehouse.defaultSchema
    var properties: SessionProperties
    /// By name, in the case in which it was written.
    var preparedStatements: [String: PreparedStatement] = [:]
    var running: [Weak] = []
  }

  struct Weak {
    weak var cancellation: QueryCancellation?
  }

  private let state: Mutex<State>

  init(engine: Engine, dialect: Dialect) {
    self.engine = engine
    self.dialect = dialect
    state = Mutex(State(properties: SessionProperties(engine.configuration, dialect)))
  }

  /// The schema that names without one belong to.
  public var currentSchema: String { state.withLock { $0.schema } }

  /// The statements that PREPARE has kept, by name.
  public var preparedStatements: [String: PreparedStatement] {
    state.withLock { $0.preparedStatements }
  }

  /// Keeps a statement under a name, in place of one that had it, as PREPARE does.
  ///
  /// - Throws: what reading the statement throws.
  public func prepare(_ name: String, _ sql: String) throws(SQLError) {
    let statement = try PreparedStatement(sql, dialect)
    try change { $0.preparedStatements[name] = statement }
  }

  /// Forgets a prepared statement.
  ///
  /// - Returns: whether there was one of that name.
  @discardableResult
  public func deallocate(_ name: String) -> Bool {
    state.withLock { $0.preparedStatements.removeValue(forKey: name) != nil }
  }

  /// Runs one statement; a semicolon at its end is allowed.
  ///
  /// The task is suspended while the statement is prepared; cancelling it stops the statement.
  /// Rows are made while they are read from the result.
  ///
  /// - Parameter parameters: a value for each `?`.
  public func query(_ sql: String, parameters: [QueryParameter] = []) async throws(SQLError)
    -> QueryResult
  {
    let cancellation = register()
    return try await withTaskCancellationHandler {
      await BlockingThreads.shared.run { () throws(SQLError) in
        let statement = try parseStatement(sql, dialect: self.dialect)
        return try self.execute(statement, text: sql, parameters, cancellation)
      }
    } onCancel: {
      cancellation.cancel()
    }.get()
  }

  /// Runs one statement and blocks until its first answer can be read; not for Swift tasks.
  ///
  /// - Parameter parameters: a value for each `?`.
  public func execute(_ sql: String, parameters: [QueryParameter] = []) throws(SQLError)
    -> QueryResult
  {
    try execute(try parseStatement(sql, dialect: dialect), text: sql, parameters: parameters)
  }

  /// Runs a statement that is parsed already, with the text that its ranges point into. Blocks.
  public func execute(
    _ statement: Statement,
    text: String,
    parameters: [QueryParameter] = []
  ) throws(SQLError) -> QueryResult {
    try execute(statement, text: text, parameters, register())
  }

  /// Changes the state that later statements see.
  func change<Result: Sendable>(_ body: (inout State) throws(SQLError) -> Result) throws(SQLError)
    -> Result
  {
    // Thrown errors cross the lock as values, since `withLock` takes any sendable result.
    let result = state.withLock { state -> Swift.Result<Result, SQLError> in
      do throws(SQLError) {
        return .success(try body(&state))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Stops all statements of the session that run now.
  ///
  /// - Returns: whether there were any.
  @discardableResult
  public func cancel() -> Bool {
    let running = state.withLock { $0.running.compactMap(\.cancellation) }
    for cancellation in running { cancellation.cancel() }
    return !running.isEmpty
  }

  /// What the statement that began last and has not ended has done so far; nil while none reads data.
  public var progress: QueryStatistics? {
    state.withLock { $0.running.compactMap(\.cancellation) }.last?.statistics
  }

  private func register() -> QueryCancellation {
    let cancellation = QueryCancellation()
    state.withLock { state in
      state.running.removeAll { $0.cancellation == nil }
      state.running.append(Weak(cancellation: cancellation))
    }
    return cancellation
  }

  private func execute(
    _ statement: Statement,
    text: String,
    _ parameters: [QueryParameter],
    _ cancellation: QueryCancellation
  ) throws(SQLError) -> QueryResult {
    try cancellation.check()
    engine.saveStatisticsSoon()
    let activity = StorageActivity()
    let (schema, properties) = state.withLock { ($0.schema, $0.properties) }
    var execution = StatementExecution(
      session: self,
      text: text,
      catalog: engine.sessionCatalog(schema: schema, countingIn: activity),
      properties: properties,
      activity: activity,
      cancellation: cancellation,
      evaluation: EvaluationSettings(
        startMicroseconds: microsecondsSinceEpoch(),
        user: engine.configuration.user,
        observer: engine.configuration.callObserver
      )
    )
    if !parameters.isEmpty {
      execution.parameters = try execution.parameterValues(parameters.map(\.expression))
    }
    try execution.checkParameters(statement, at: statement.range)
    return try execution.run(statement)
  }
}

/// The time now, in microseconds since 1970-01-01 00:00 UTC.
private func microsecondsSinceEpoch() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
}
