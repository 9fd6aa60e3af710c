import Apus
import ApusShell
import ApusVectors
import Glibc
import Synchronization

/// The names that a session knows, asked of it by SHOW and DESCRIBE on a thread of their own.
///
/// An answer that takes longer than a person would wait is not offered now, but is kept for the
/// next time.
final class SessionNames: NameSource {
  /// How long a key that completes may take.
  private static let patience = Duration.milliseconds(300)

  private let session: Session
  private let answers = Answers()

  init(_ session: Session) { self.session = session }

  /// Forgets what a statement may have changed.
  func forget() { answers.byStatement.withLock { $0 = [:] } }

  func relations(in schema: String?) -> [String] {
    names("SHOW TABLES" + (schema.map { " IN " + quoted($0) } ?? ""))
  }

  func schemas() -> [String] { names("SHOW SCHEMAS") }

  func columns(of relation: RelationReference.Source) -> [String] {
    switch relation {
    case .name(let parts): names("DESCRIBE " + parts.map(quoted).joined(separator: "."))
    case .path(let path):
      names(
        "DESCRIBE '"
          + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
          + "'"
      )
    }
  }

  func functions() -> [String] { names("SHOW FUNCTIONS") }

  func properties() -> [String] { names("SHOW SESSION") }

  private func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// The first column of what a statement answers; nothing if it fails or takes too long.
  private func names(_ sql: String) -> [String] {
    if let known = answers.byStatement.withLock({ $0[sql] }) { return known }
    let question = Question(session: session, sql: sql, answers: answers)
    return question.ask(SessionNames.patience)
  }
}

/// What has been answered, shared with threads that may end later than anyone waits.
private final class Answers: Sendable {
  let byStatement = Mutex<[String: [String]]>([:])
}

/// One statement whose answer is wanted soon.
private final class Question: Sendable {
  private let session: Session
  private let sql: String
  private let answers: Answers
  private let isAnswered: Signal

  init(session: Session, sql: String, answers: Answers) {
    self.session = session
    self.sql = sql
    self.answers = answers
    isAnswered = Signal()
  }

  func ask(_ patience: Duration) -> [String] {
    guard startThread({ self.answer() }) else { return [] }
    isAnswered.wait(patience)
    return answers.byStatement.withLock { $0[sql] } ?? []
  }

  private func answer() {
    var names: [String] = []
    var seen: Set<String> = []
    if let result = try? session.execute(sql) {
      while let batch = try? result.nextBatch(), let column = batch.columns.first {
        for row in 0..<batch.rowCount {
          if let name = column.text(row), seen.insert(name).inserted { names.append(name) }
        }
      }
    }
    answers.byStatement.withLock { $0[sql] = names }
    isAnswered.send()
  }
}
