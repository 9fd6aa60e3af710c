extension SpecialForms {
  /// What DEFINE and MEASURES of MATCH_RECOGNIZE may call.
  static var ofPatterns: [FunctionDescription] {
    [
      FunctionDescription(
        form: "CLASSIFIER",
        [
          "CLASSIFIER([variable])"
        ],
        "Returns, in MATCH_RECOGNIZE, the variable of the pattern to which a row was matched.",
        [
          FunctionExample(
            """
            SELECT p, kind
            FROM (VALUES (1, 10), (2, 7), (3, 9)) AS t(d, p) MATCH_RECOGNIZE (
              ORDER BY d MEASURES CLASSIFIER() AS kind ALL ROWS PER MATCH
              PATTERN (DOWN UP) DEFINE DOWN AS p < PREV(p), UP AS p > PREV(p))
            ORDER BY d
            """,
            "7, DOWN; 9, UP"
          )
        ]
      ),
      FunctionDescription(
        form: "FIRST LAST",
        [
          "FIRST(value [, count])",
          "LAST(value [, count])",
        ],
        """
        Returns, in MATCH_RECOGNIZE, a value of the first or the last row that matched a \
        variable, or of so many matched rows after or before it.
        """,
        [
          FunctionExample(
            """
            SELECT bottom, top
            FROM (VALUES (1, 10), (2, 7), (3, 9)) AS t(d, p) MATCH_RECOGNIZE (
              ORDER BY d MEASURES FIRST(DOWN.p) AS bottom, LAST(UP.p) AS top
              PATTERN (DOWN UP+) DEFINE DOWN AS p < PREV(p), UP AS p > PREV(p))
            """,
            "7, 9"
          )
        ]
      ),
      FunctionDescription(
        form: "MATCH_NUMBER",
        [
          "MATCH_NUMBER()"
        ],
        "Returns, in MATCH_RECOGNIZE, the number of the match within its partition, from 1.",
        [
          FunctionExample(
            """
            SELECT n, p
            FROM (VALUES (1, 10), (2, 7), (3, 9), (4, 8)) AS t(d, p) MATCH_RECOGNIZE (
              ORDER BY d MEASURES MATCH_NUMBER() AS n, p AS p
              PATTERN (DOWN) DEFINE DOWN AS p < PREV(p))
            ORDER BY n
            """,
            "1, 7; 2, 8"
          )
        ]
      ),
      FunctionDescription(
        form: "PREV NEXT",
        [
          "PREV(value [, count])",
          "NEXT(value [, count])",
        ],
        """
        Returns, in MATCH_RECOGNIZE, a value of the row before or after the current one, or of so \
        many rows before or after it; NULL where there is none.
        """,
        [
          FunctionExample(
            """
            SELECT d
            FROM (VALUES (1, 10), (2, 7), (3, 9)) AS t(d, p) MATCH_RECOGNIZE (
              ORDER BY d MEASURES LOW.d AS d
              PATTERN (LOW) DEFINE LOW AS p < PREV(p) AND p < NEXT(p))
            """,
            "2"
          )
        ]
      ),
    ]
  }
}
