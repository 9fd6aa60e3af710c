/// What looks like a function and is grammar: operators, and calls with words among their arguments.
///
/// The parser and the binder know them by name; here they are described for the reference.
package enum SpecialForms {
  package static var descriptions: [FunctionDescription] {
    operators + (words + ofJSON + ofPatterns).sorted { $0.name.lowercased() < $1.name.lowercased() }
  }

  /// Functions that are reached by a form only, and not by a call.
  package static let namesWithoutCalls: Set = [
    "current_date", "current_user", "listagg", "normalize", "overlay",
  ]

  private static var words: [FunctionDescription] {
    [
      FunctionDescription(
        form: "ALL ANY SOME",
        [
          "value < ALL (query)",
          "value = ANY (query)",
        ],
        "Compares a value with every row of a query, or with any.",
        [
          FunctionExample("3 > ALL (VALUES 1, 2)", "true"),
          FunctionExample("3 = ANY (VALUES 1, 2)", "false"),
          FunctionExample("3 > ALL (SELECT 1 WHERE false)", "true"),
        ]
      ),
      FunctionDescription(
        form: "AND OR NOT",
        [
          "condition AND condition",
          "condition OR condition",
          "NOT condition",
        ],
        "Combines conditions; NULL stands for what is not known.",
        [
          FunctionExample("NULL AND false", "false"),
          FunctionExample("NULL OR true", "true"),
          FunctionExample("NOT NULL", "NULL"),
        ]
      ),
      FunctionDescription(
        form: "ARRAY",
        [
          "ARRAY[element, …]"
        ],
        "Makes an array of elements of a common type.",
        [
          FunctionExample("ARRAY[1, 2, NULL]", "[1, 2, null]")
        ]
      ),
      FunctionDescription(
        form: "AT TIME ZONE",
        [
          "time AT TIME ZONE zone"
        ],
        "Returns the same point in time on the clocks of another zone.",
        [
          FunctionExample(
            "TIMESTAMP '2024-07-01 12:00:00 UTC' AT TIME ZONE 'Europe/Zurich'",
            "2024-07-01 14:00:00 Europe/Zurich"
          )
        ]
      ),
      FunctionDescription(
        form: "BETWEEN",
        [
          "value [NOT] BETWEEN low AND high"
        ],
        """
        Returns whether a value lies between two others, which belong to the range; SYMMETRIC \
        takes them in either order.
        """,
        [
          FunctionExample("3 BETWEEN 1 AND 3", "true"),
          FunctionExample("3 BETWEEN 5 AND 1", "false"),
          FunctionExample("3 BETWEEN SYMMETRIC 5 AND 1", "true"),
        ]
      ),
      FunctionDescription(
        form: "CASE",
        [
          "CASE WHEN condition THEN result … [ELSE result] END",
          "CASE value WHEN value THEN result … [ELSE result] END",
        ],
        """
        Returns the result of the first branch that holds; NULL if none does and there is no \
        ELSE.
        """,
        [
          FunctionExample("CASE WHEN 5 > 3 THEN 'more' ELSE 'less' END", "more"),
          FunctionExample("CASE 7 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", "NULL"),
        ]
      ),
      FunctionDescription(
        form: "CAST",
        [
          "CAST(value AS type)"
        ],
        "Converts a value to a type, or fails; numbers are rounded, halves away from zero.",
        [
          FunctionExample("CAST('42' AS INTEGER)", "42"),
          FunctionExample("CAST(DOUBLE '2.5' AS INTEGER)", "3"),
          FunctionExample("CAST(DATE '2024-02-29' AS VARCHAR)", "2024-02-29"),
          FunctionExample(#"CAST(JSON '{"a": 1, "b": 2}' AS MAP(VARCHAR, INTEGER))"#, "{a=1, b=2}"),
        ]
      ),
      FunctionDescription(
        form: "COALESCE",
        [
          "COALESCE(value, value, …)"
        ],
        "Returns the first value that is not NULL and computes no more of them than needed.",
        [
          FunctionExample("COALESCE(NULL, 7, 1 / 0)", "7")
        ]
      ),
      FunctionDescription(
        form: "CURRENT_CATALOG",
        [
          "CURRENT_CATALOG"
        ],
        "Returns the name of the catalog.",
        [
          FunctionExample("CURRENT_CATALOG", "awsdatacatalog")
        ]
      ),
      FunctionDescription(
        form: "CURRENT_DATE",
        [
          "CURRENT_DATE"
        ],
        "Returns the day on which the query started, in UTC.",
        [
          FunctionExample("CURRENT_DATE = CAST(now() AS DATE)", "true")
        ]
      ),
      FunctionDescription(
        form: "CURRENT_SCHEMA",
        [
          "CURRENT_SCHEMA"
        ],
        "Returns the name of the schema in which tables are looked for.",
        [
          FunctionExample("CURRENT_SCHEMA", "default")
        ]
      ),
      FunctionDescription(
        form: "CURRENT_TIME",
        [
          "CURRENT_TIME [(digits)]",
          "LOCALTIME [(digits)]",
        ],
        """
        Returns the time of day at which the query started, in milliseconds unless so many digits \
        are asked for; CURRENT_TIME with the zone, UTC.
        """,
        [
          FunctionExample("CURRENT_TIME = CURRENT_TIME", "true"),
          FunctionExample("typeof(LOCALTIME(0))", "time(0)"),
        ]
      ),
      FunctionDescription(
        form: "CURRENT_TIMESTAMP",
        [
          "CURRENT_TIMESTAMP [(digits)]",
          "LOCALTIMESTAMP [(digits)]",
        ],
        """
        Returns the time at which the query started, in milliseconds unless so many digits are \
        asked for; CURRENT_TIMESTAMP with the zone, UTC.
        """,
        [
          FunctionExample("CURRENT_TIMESTAMP > TIMESTAMP '2024-01-01 00:00:00 UTC'", "true"),
          FunctionExample("typeof(LOCALTIMESTAMP(6))", "timestamp(6)"),
        ]
      ),
      FunctionDescription(
        form: "CURRENT_USER",
        [
          "CURRENT_USER"
        ],
        "Returns the name of the user who runs the query.",
        [
          FunctionExample("length(CURRENT_USER) > 0", "true")
        ]
      ),
      FunctionDescription(
        form: "EXISTS",
        [
          "EXISTS (query)"
        ],
        "Returns whether a query has a row.",
        [
          FunctionExample("EXISTS (SELECT 1 WHERE false)", "false")
        ]
      ),
      FunctionDescription(
        form: "EXTRACT",
        [
          "EXTRACT(field FROM time)"
        ],
        """
        Takes YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_WEEK (DOW), DAY_OF_YEAR (DOY), YEAR_OF_WEEK \
        (YOW), HOUR, MINUTE, SECOND, TIMEZONE_HOUR or TIMEZONE_MINUTE from a date, a time or an \
        interval.
        """,
        [
          FunctionExample("EXTRACT(MONTH FROM DATE '2024-02-29')", "2"),
          FunctionExample("EXTRACT(DOW FROM DATE '2024-02-29')", "4"),
          FunctionExample("EXTRACT(HOUR FROM INTERVAL '1 02:30:00' DAY TO SECOND)", "2"),
        ]
      ),
      FunctionDescription(
        form: "FILTER",
        [
          "aggregate(…) FILTER (WHERE condition)"
        ],
        "Feeds an aggregate only with the rows for which a condition is true.",
        [
          FunctionExample(
            """
            SELECT sum(x) FILTER (WHERE x > 1), count(*)
            FROM (VALUES 1, 2, 3) AS t(x)
            """,
            "5, 3"
          )
        ]
      ),
      FunctionDescription(
        form: "GROUPING",
        [
          "GROUPING(column, …)"
        ],
        """
        Returns, where GROUP BY has several grouping sets, a bit for each column, the last one \
        lowest: 1 if the row's set lacks it.
        """,
        [
          FunctionExample(
            """
            SELECT x, sum(y), GROUPING(x)
            FROM (VALUES ('a', 1), ('a', 2)) AS t(x, y) GROUP BY ROLLUP (x) ORDER BY 3
            """,
            "a, 3, 0; NULL, 3, 1"
          )
        ]
      ),
      FunctionDescription(
        form: "IF",
        [
          "IF(condition, result [, otherwise])"
        ],
        "Returns the result if a condition is true, else what comes otherwise, or NULL.",
        [
          FunctionExample("IF(2 > 1, 'yes', 'no')", "yes"),
          FunctionExample("IF(NULL, 'yes', 'no')", "no"),
          FunctionExample("IF(false, 1)", "NULL"),
        ]
      ),
      FunctionDescription(
        form: "IN",
        [
          "value [NOT] IN (value, …)",
          "value [NOT] IN (query)",
        ],
        "Returns whether a value is equal to one of others; NULL if only a NULL among them may be.",
        [
          FunctionExample("2 IN (1, 2)", "true"),
          FunctionExample("3 IN (1, NULL)", "NULL"),
          FunctionExample("3 NOT IN (1, NULL)", "NULL"),
        ]
      ),
      FunctionDescription(
        form: "INTERVAL",
        [
          "INTERVAL 'amount' unit",
          "INTERVAL 'amount' unit TO unit",
        ],
        """
        A stretch of time, of months (YEAR, MONTH) or of milliseconds (DAY, HOUR, MINUTE, \
        SECOND).
        """,
        [
          FunctionExample("INTERVAL '1 06:30' DAY TO MINUTE", "1 06:30:00.000"),
          FunctionExample("DATE '2024-03-31' - INTERVAL '1' MONTH", "2024-02-29"),
        ]
      ),
      FunctionDescription(
        form: "IS DISTINCT FROM",
        [
          "value IS [NOT] DISTINCT FROM value"
        ],
        "Compares two values as if NULL were one, so that the answer is never NULL.",
        [
          FunctionExample("NULL IS DISTINCT FROM NULL", "false"),
          FunctionExample("1 IS NOT DISTINCT FROM NULL", "false"),
        ]
      ),
      FunctionDescription(
        form: "IS NULL",
        [
          "value IS [NOT] NULL",
          "condition IS [NOT] TRUE",
          "condition IS [NOT] FALSE",
          "condition IS [NOT] UNKNOWN",
        ],
        """
        Returns whether a value is NULL, or whether a condition is true, false or NULL; the \
        answer is never NULL.
        """,
        [
          FunctionExample("NULL IS NULL", "true"),
          FunctionExample("(NULL > 1) IS NOT TRUE", "true"),
        ]
      ),
      FunctionDescription(
        form: "LIKE",
        [
          "text [NOT] LIKE pattern [ESCAPE character]"
        ],
        """
        Returns whether a whole text fits a pattern, in which % stands for any characters and _ \
        for one.
        """,
        [
          FunctionExample("'warehouse' LIKE 'ware%'", "true"),
          FunctionExample(#"'a%b' LIKE 'a\%b' ESCAPE '\'"#, "true"),
        ]
      ),
      FunctionDescription(
        form: "LISTAGG",
        [
          """
          LISTAGG([DISTINCT] text [, separator] [ON OVERFLOW ERROR | ON OVERFLOW TRUNCATE …]) \
          WITHIN GROUP (ORDER BY value, …)
          """
        ],
        "Joins the texts of rows that are not NULL, in an order, with a separator between them.",
        [
          FunctionExample(
            """
            SELECT LISTAGG(x, ', ') WITHIN GROUP (ORDER BY x)
            FROM (VALUES 'b', NULL, 'a') AS t(x)
            """,
            "a, b"
          ),
          FunctionExample(
            """
            SELECT LISTAGG(DISTINCT x, '+') WITHIN GROUP (ORDER BY x DESC)
            FROM (VALUES 'b', 'a', 'b') AS t(x)
            """,
            "b+a"
          ),
        ]
      ),
      FunctionDescription(
        form: "NORMALIZE",
        [
          "NORMALIZE(text [, NFC | NFD | NFKC | NFKD])"
        ],
        "Brings a text into a normal form of Unicode, NFC unless another is asked for.",
        [
          FunctionExample("length(NORMALIZE('é', NFD))", "2"),
          FunctionExample("NORMALIZE('ﬁ', NFKC)", "fi"),
        ]
      ),
      FunctionDescription(
        form: "NULLIF",
        [
          "NULLIF(value, value)"
        ],
        "Returns the first value, or NULL if the second is equal to it.",
        [
          FunctionExample("NULLIF(0, 0)", "NULL"),
          FunctionExample("10 / NULLIF(0, 0)", "NULL"),
        ]
      ),
      FunctionDescription(
        form: "OVER",
        [
          "function(…) OVER ([PARTITION BY value, …] [ORDER BY value, …] [frame])"
        ],
        "Computes an aggregate or a window function over the rows around each row.",
        [
          FunctionExample(
            """
            SELECT x, sum(x) OVER (ORDER BY x)
            FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x
            """,
            "1, 1; 2, 3; 3, 6"
          ),
          FunctionExample(
            """
            SELECT x, sum(x) OVER (ORDER BY x ROWS 1 PRECEDING)
            FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x
            """,
            "1, 1; 2, 3; 3, 5"
          ),
        ]
      ),
      FunctionDescription(
        form: "OVERLAY",
        [
          "OVERLAY(text PLACING text FROM position [FOR count])"
        ],
        """
        Puts a text in the place of as many characters of another, or of so many, from a position \
        on, counted from 1.
        """,
        [
          FunctionExample("OVERLAY('2024-01-31' PLACING '12' FROM 6)", "2024-12-31"),
          FunctionExample("OVERLAY('abcdef' PLACING '-' FROM 2 FOR 3)", "a-ef"),
        ]
      ),
      FunctionDescription(
        form: "POSITION",
        [
          "POSITION(text IN text)"
        ],
        "Returns where a text first stands in another, counted from 1; 0 if it does not.",
        [
          FunctionExample("POSITION('na' IN 'banana')", "3")
        ]
      ),
      FunctionDescription(
        form: "ROW",
        [
          "ROW(value, …)",
          "(value, value, …)",
        ],
        "Makes a row of values; a cast names its fields.",
        [
          FunctionExample("CAST(ROW(1, 'x') AS ROW(a INTEGER, b VARCHAR))", "{a=1, b=x}"),
          FunctionExample("CAST(ROW(1, 'x') AS ROW(a INTEGER, b VARCHAR)).b", "x"),
        ]
      ),
      FunctionDescription(
        form: "SUBSTRING",
        [
          "SUBSTRING(text FROM position [FOR count])"
        ],
        "Takes the part of a text from a position on, counted from 1, or from the end if negative.",
        [
          FunctionExample("SUBSTRING('warehouse' FROM 5)", "house"),
          FunctionExample("SUBSTRING('warehouse' FROM 1 FOR 4)", "ware"),
        ]
      ),
      FunctionDescription(
        form: "TABLE",
        [
          "FROM TABLE(sequence([start,] stop [, step]))"
        ],
        "Makes rows from a number to another in steps, in FROM; the arguments may be named.",
        [
          FunctionExample(
            """
            SELECT *
            FROM TABLE(sequence(start => 1, stop => 9, step => 4))
            """,
            "1; 5; 9"
          )
        ]
      ),
      FunctionDescription(
        form: "TRIM",
        [
          "TRIM([LEADING | TRAILING | BOTH] [characters] FROM text)",
          "TRIM(text [, characters])",
        ],
        "Removes whitespace, or any of the characters given, from one end of a text or from both.",
        [
          FunctionExample("TRIM(LEADING '0' FROM '00120')", "120"),
          FunctionExample("TRIM(BOTH 'x' FROM 'xxabx')", "ab"),
        ]
      ),
      FunctionDescription(
        form: "TRY",
        [
          "TRY(value)"
        ],
        """
        Returns NULL where computing a value fails, as by a cast, a division by zero or an \
        overflow.
        """,
        [
          FunctionExample("TRY(1 / 0)", "NULL"),
          FunctionExample("TRY(CAST('x' AS INTEGER))", "NULL"),
        ]
      ),
      FunctionDescription(
        form: "TRY_CAST",
        [
          "TRY_CAST(value AS type)"
        ],
        "Converts a value to a type; NULL where that fails.",
        [
          FunctionExample("TRY_CAST('x' AS INTEGER)", "NULL"),
          FunctionExample("TRY_CAST('42' AS INTEGER)", "42"),
        ]
      ),
      FunctionDescription(
        form: "typeof",
        [
          "typeof(value)"
        ],
        "Returns the name of a value's type.",
        [
          FunctionExample("typeof(1)", "integer"),
          FunctionExample("typeof(1.5)", "double"),
          FunctionExample("typeof(NULL)", "unknown"),
        ]
      ),
      FunctionDescription(
        form: "UNNEST",
        [
          "FROM UNNEST(array, …) [WITH ORDINALITY]",
          "FROM UNNEST(map)",
        ],
        "Makes rows of the elements of arrays or the entries of maps, in FROM.",
        [
          FunctionExample(
            """
            SELECT x, n
            FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS t(x, n) ORDER BY n
            """,
            "a, 1; b, 2"
          ),
          FunctionExample("SELECT k, v FROM UNNEST(MAP(ARRAY['a'], ARRAY[1])) AS t(k, v)", "a, 1"),
        ]
      ),
    ]
  }
}
