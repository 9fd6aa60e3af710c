import ApusValues

/// A path of SQL/JSON made ready: `lax $.a[*] ? (@.b > 1).c`.
struct SQLJSONPath: Sendable {
  /// Whether arrays are unwrapped and wrapped where a step wants it, and what is missing is nothing
  /// rather than an error.
  var isLax: Bool
  var root: Node

  /// A step, a computation or a predicate.
  indirect enum Node: Sendable {
    /// `$`
    case document
    /// `@`
    case currentItem
    /// `last`
    case last
    /// `$name`, by its position behind PASSING.
    case parameter(Int)
    case literal(JSONItem)
    /// `.name`, or `.*` without one.
    case member(Node, String?)
    /// `..name`
    case descendant(Node, String)
    /// `[0, 2 to last]`, or `[*]` without any.
    case elements(Node, [Subscript])
    case filter(Node, Node)
    case method(Node, Method)
    /// `.datetime()`, or `.datetime("YYYY-MM-DD")`.
    case datetime(Node, DatetimeTemplate?)
    case negation(Node)
    case identity(Node)
    case arithmetic(Operator, Node, Node)

    case comparison(Comparison, Node, Node)
    case and(Node, Node)
    case or(Node, Node)
    case not(Node)
    case exists(Node)
    case isUnknown(Node)
    case startsWith(Node, Node)
    case likeRegex(Node, RegularExpression)

    /// Whether it is true, false or unknown rather than a sequence.
    var isPredicate: Bool {
      switch self {
      case .comparison, .and, .or, .not, .exists, .isUnknown, .startsWith, .likeRegex: true
      default: false
      }
    }
  }

  struct Subscript: Sendable {
    var from: Node
    var to: Node?
  }

  enum Method: String, Sendable {
    case type
    case size
    case double
    case ceiling
    case floor
    case abs
    case keyvalue
  }

  enum Operator: String, Sendable {
    case add = "ADD"
    case subtract = "SUBTRACT"
    case multiply = "MULTIPLY"
    case divide = "DIVIDE"
    case modulus = "MODULUS"
  }

  enum Comparison: Sendable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
  }
}
