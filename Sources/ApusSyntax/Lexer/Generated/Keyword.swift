// (generated from Grammar/Keywords.txt by `swift run apus-grammar`)

/// A word with a meaning of its own, in capitals.
public enum Keyword: String, Sendable, CaseIterable {
  case absent = "ABSENT"
  case add = "ADD"
  case admin = "ADMIN"
  case after = "AFTER"
  case all = "ALL"
  case alter = "ALTER"
  case analyze = "ANALYZE"
  case and = "AND"
  case any = "ANY"
  case array = "ARRAY"
  case `as` = "AS"
  case asc = "ASC"
  case asymmetric = "ASYMMETRIC"
  case at = "AT"
  case bernoulli = "BERNOULLI"
  case between = "BETWEEN"
  case binPack = "BIN_PACK"
  case both = "BOTH"
  case buckets = "BUCKETS"
  case by = "BY"
  case call = "CALL"
  case cascade = "CASCADE"
  case `case` = "CASE"
  case cast = "CAST"
  case catalogs = "CATALOGS"
  case change = "CHANGE"
  case clustered = "CLUSTERED"
  case collate = "COLLATE"
  case collection = "COLLECTION"
  case column = "COLUMN"
  case columns = "COLUMNS"
  case comment = "COMMENT"
  case commit = "COMMIT"
  case committed = "COMMITTED"
  case conditional = "CONDITIONAL"
  case constraint = "CONSTRAINT"
  case copartition = "COPARTITION"
  case corresponding = "CORRESPONDING"
  case count = "COUNT"
  case create = "CREATE"
  case cross = "CROSS"
  case cube = "CUBE"
  case current = "CURRENT"
  case currentCatalog = "CURRENT_CATALOG"
  case currentDate = "CURRENT_DATE"
  case currentPath = "CURRENT_PATH"
  case currentRole = "CURRENT_ROLE"
  case currentSchema = "CURRENT_SCHEMA"
  case currentTime = "CURRENT_TIME"
  case currentTimestamp = "CURRENT_TIMESTAMP"
  case currentUser = "CURRENT_USER"
  case data = "DATA"
  case database = "DATABASE"
  case databases = "DATABASES"
  case day = "DAY"
  case dayOfMonth = "DAY_OF_MONTH"
  case dayOfWeek = "DAY_OF_WEEK"
  case dayOfYear = "DAY_OF_YEAR"
  case dbproperties = "DBPROPERTIES"
  case deallocate = "DEALLOCATE"
  case `default` = "DEFAULT"
  case define = "DEFINE"
  case defined = "DEFINED"
  case definer = "DEFINER"
  case delete = "DELETE"
  case delimited = "DELIMITED"
  case deny = "DENY"
  case desc = "DESC"
  case describe = "DESCRIBE"
  case descriptor = "DESCRIPTOR"
  case distinct = "DISTINCT"
  case distributed = "DISTRIBUTED"
  case double = "DOUBLE"
  case dow = "DOW"
  case doy = "DOY"
  case drop = "DROP"
  case `else` = "ELSE"
  case empty = "EMPTY"
  case encoding = "ENCODING"
  case end = "END"
  case error = "ERROR"
  case escape = "ESCAPE"
  case escaped = "ESCAPED"
  case except = "EXCEPT"
  case excluding = "EXCLUDING"
  case execute = "EXECUTE"
  case exists = "EXISTS"
  case explain = "EXPLAIN"
  case extended = "EXTENDED"
  case external = "EXTERNAL"
  case extract = "EXTRACT"
  case `false` = "FALSE"
  case fetch = "FETCH"
  case fields = "FIELDS"
  case fileformat = "FILEFORMAT"
  case filter = "FILTER"
  case final = "FINAL"
  case first = "FIRST"
  case following = "FOLLOWING"
  case `for` = "FOR"
  case format = "FORMAT"
  case formatted = "FORMATTED"
  case from = "FROM"
  case full = "FULL"
  case function = "FUNCTION"
  case functions = "FUNCTIONS"
  case grace = "GRACE"
  case grant = "GRANT"
  case granted = "GRANTED"
  case grants = "GRANTS"
  case graphviz = "GRAPHVIZ"
  case group = "GROUP"
  case grouping = "GROUPING"
  case groups = "GROUPS"
  case having = "HAVING"
  case hour = "HOUR"
  case `if` = "IF"
  case ignore = "IGNORE"
  case ilike = "ILIKE"
  case immediate = "IMMEDIATE"
  case `in` = "IN"
  case including = "INCLUDING"
  case initial = "INITIAL"
  case inner = "INNER"
  case input = "INPUT"
  case inputformat = "INPUTFORMAT"
  case insert = "INSERT"
  case intersect = "INTERSECT"
  case interval = "INTERVAL"
  case into = "INTO"
  case invoker = "INVOKER"
  case io = "IO"
  case `is` = "IS"
  case isolation = "ISOLATION"
  case items = "ITEMS"
  case join = "JOIN"
  case json = "JSON"
  case jsonArray = "JSON_ARRAY"
  case jsonExists = "JSON_EXISTS"
  case jsonObject = "JSON_OBJECT"
  case jsonQuery = "JSON_QUERY"
  case jsonTable = "JSON_TABLE"
  case jsonValue = "JSON_VALUE"
  case keep = "KEEP"
  case key = "KEY"
  case keys = "KEYS"
  case lambda = "LAMBDA"
  case last = "LAST"
  case lateral = "LATERAL"
  case leading = "LEADING"
  case left = "LEFT"
  case level = "LEVEL"
  case like = "LIKE"
  case limit = "LIMIT"
  case lines = "LINES"
  case listagg = "LISTAGG"
  case local = "LOCAL"
  case localtime = "LOCALTIME"
  case localtimestamp = "LOCALTIMESTAMP"
  case location = "LOCATION"
  case logical = "LOGICAL"
  case map = "MAP"
  case match = "MATCH"
  case matched = "MATCHED"
  case matches = "MATCHES"
  case matchRecognize = "MATCH_RECOGNIZE"
  case materialized = "MATERIALIZED"
  case measures = "MEASURES"
  case merge = "MERGE"
  case minute = "MINUTE"
  case month = "MONTH"
  case msck = "MSCK"
  case natural = "NATURAL"
  case nested = "NESTED"
  case next = "NEXT"
  case nfc = "NFC"
  case nfd = "NFD"
  case nfkc = "NFKC"
  case nfkd = "NFKD"
  case no = "NO"
  case none = "NONE"
  case normalize = "NORMALIZE"
  case not = "NOT"
  case null = "NULL"
  case nulls = "NULLS"
  case object = "OBJECT"
  case of = "OF"
  case offset = "OFFSET"
  case omit = "OMIT"
  case on = "ON"
  case one = "ONE"
  case only = "ONLY"
  case `operator` = "OPERATOR"
  case optimize = "OPTIMIZE"
  case option = "OPTION"
  case or = "OR"
  case order = "ORDER"
  case ordinality = "ORDINALITY"
  case outer = "OUTER"
  case output = "OUTPUT"
  case outputformat = "OUTPUTFORMAT"
  case over = "OVER"
  case overflow = "OVERFLOW"
  case overlay = "OVERLAY"
  case partition = "PARTITION"
  case partitioned = "PARTITIONED"
  case partitions = "PARTITIONS"
  case passing = "PASSING"
  case past = "PAST"
  case path = "PATH"
  case pattern = "PATTERN"
  case per = "PER"
  case period = "PERIOD"
  case permute = "PERMUTE"
  case placing = "PLACING"
  case plan = "PLAN"
  case position = "POSITION"
  case preceding = "PRECEDING"
  case precision = "PRECISION"
  case prepare = "PREPARE"
  case privileges = "PRIVILEGES"
  case properties = "PROPERTIES"
  case prune = "PRUNE"
  case quarter = "QUARTER"
  case quotes = "QUOTES"
  case range = "RANGE"
  case read = "READ"
  case recursive = "RECURSIVE"
  case refresh = "REFRESH"
  case rename = "RENAME"
  case repair = "REPAIR"
  case repeatable = "REPEATABLE"
  case replace = "REPLACE"
  case reset = "RESET"
  case respect = "RESPECT"
  case restrict = "RESTRICT"
  case `return` = "RETURN"
  case returning = "RETURNING"
  case returns = "RETURNS"
  case revoke = "REVOKE"
  case rewrite = "REWRITE"
  case right = "RIGHT"
  case role = "ROLE"
  case roles = "ROLES"
  case rollback = "ROLLBACK"
  case rollup = "ROLLUP"
  case row = "ROW"
  case rows = "ROWS"
  case running = "RUNNING"
  case scalar = "SCALAR"
  case schema = "SCHEMA"
  case schemas = "SCHEMAS"
  case second = "SECOND"
  case security = "SECURITY"
  case seek = "SEEK"
  case select = "SELECT"
  case serde = "SERDE"
  case serdeproperties = "SERDEPROPERTIES"
  case serializable = "SERIALIZABLE"
  case session = "SESSION"
  case set = "SET"
  case sets = "SETS"
  case show = "SHOW"
  case skip = "SKIP"
  case some = "SOME"
  case sorted = "SORTED"
  case start = "START"
  case stats = "STATS"
  case stored = "STORED"
  case string = "STRING"
  case `struct` = "STRUCT"
  case subset = "SUBSET"
  case substring = "SUBSTRING"
  case symmetric = "SYMMETRIC"
  case system = "SYSTEM"
  case table = "TABLE"
  case tables = "TABLES"
  case tablesample = "TABLESAMPLE"
  case tblproperties = "TBLPROPERTIES"
  case terminated = "TERMINATED"
  case text = "TEXT"
  case then = "THEN"
  case ties = "TIES"
  case time = "TIME"
  case timestamp = "TIMESTAMP"
  case timezoneHour = "TIMEZONE_HOUR"
  case timezoneMinute = "TIMEZONE_MINUTE"
  case to = "TO"
  case top = "TOP"
  case trailing = "TRAILING"
  case transaction = "TRANSACTION"
  case trim = "TRIM"
  case `true` = "TRUE"
  case truncate = "TRUNCATE"
  case tryCast = "TRY_CAST"
  case type = "TYPE"
  case uescape = "UESCAPE"
  case unbounded = "UNBOUNDED"
  case uncommitted = "UNCOMMITTED"
  case unconditional = "UNCONDITIONAL"
  case union = "UNION"
  case unique = "UNIQUE"
  case unknown = "UNKNOWN"
  case unload = "UNLOAD"
  case unmatched = "UNMATCHED"
  case unnest = "UNNEST"
  case unset = "UNSET"
  case update = "UPDATE"
  case use = "USE"
  case user = "USER"
  case using = "USING"
  case utf16 = "UTF16"
  case utf32 = "UTF32"
  case utf8 = "UTF8"
  case vacuum = "VACUUM"
  case validate = "VALIDATE"
  case value = "VALUE"
  case values = "VALUES"
  case verbose = "VERBOSE"
  case version = "VERSION"
  case view = "VIEW"
  case views = "VIEWS"
  case week = "WEEK"
  case when = "WHEN"
  case `where` = "WHERE"
  case window = "WINDOW"
  case with = "WITH"
  case within = "WITHIN"
  case without = "WITHOUT"
  case work = "WORK"
  case wrapper = "WRAPPER"
  case write = "WRITE"
  case year = "YEAR"
  case yearOfWeek = "YEAR_OF_WEEK"
  case yow = "YOW"
  case zone = "ZONE"

  /// Whether the word is a name only in quotes.
  public var isReserved: Bool {
    switch self {
    case .alter,
      .and,
      .as,
      .between,
      .by,
      .case,
      .cast,
      .constraint,
      .create,
      .cross,
      .cube,
      .currentCatalog,
      .currentDate,
      .currentPath,
      .currentRole,
      .currentSchema,
      .currentTime,
      .currentTimestamp,
      .currentUser,
      .deallocate,
      .delete,
      .describe,
      .distinct,
      .drop,
      .else,
      .end,
      .escape,
      .except,
      .execute,
      .exists,
      .extract,
      .false,
      .for,
      .from,
      .full,
      .group,
      .grouping,
      .having,
      .in,
      .inner,
      .insert,
      .intersect,
      .into,
      .is,
      .join,
      .jsonArray,
      .jsonExists,
      .jsonObject,
      .jsonQuery,
      .jsonTable,
      .jsonValue,
      .left,
      .like,
      .listagg,
      .localtime,
      .localtimestamp,
      .natural,
      .normalize,
      .not,
      .null,
      .on,
      .or,
      .order,
      .outer,
      .prepare,
      .recursive,
      .right,
      .rollup,
      .select,
      .table,
      .then,
      .trim,
      .true,
      .uescape,
      .union,
      .unnest,
      .using,
      .values,
      .when,
      .where,
      .with:
      true
    default:
      false
    }
  }
}
