"""A table of web page visits like ClickBench's `hits`, and ClickBench's 43 queries over it.

ClickBench (https://github.com/ClickHouse/ClickBench) takes its table from a real site's log. This
one is made up in its likeness, from a formula, so that anyone has the same rows: 36 of its columns,
names in lower case, with the real one's skew: visits by site, page and user follow power laws,
87 of 100 search phrases are empty, titles are Cyrillic, rows are sorted by site, day and user.
"""

import re
import shutil

import answers
from engines import ROOT, Suite

QUERIES = ROOT / "Benchmarks" / "queries" / "hits"
ROWS = 5_000_000
ROWS_IN_FILE = 1_000_000
ROWS_IN_GROUP = 500_000


def suite(rows=ROWS, codec="zstd"):
    texts = {path.stem: _scaled(path.read_text().strip(), rows) for path in sorted(QUERIES.glob("q*.sql"))}
    return Suite(f"hits of {rows} rows", make_data(rows, codec), ["hits"], texts, _difference, _for_duckdb)


def _scaled(sql, rows):
    """Makes what looks for the 10,000th visit or the 100th row find some in fewer rows too."""
    share = lambda match: f"{match[1]} {max(int(match[2]) * min(rows, ROWS) // ROWS, 1)}"
    return re.sub(r"(count\(\*\) >|OFFSET) (\d+)", share, sql)


def _for_duckdb(sql):
    """DuckDB writes groups of a regular expression with a backslash."""
    return sql.replace("'$1'", r"'\1'")


# Without an ORDER BY, any ten groups are right.
UNORDERED = {"q17"}


def _difference(query, got, sql, peer):
    same = lambda cell, want, column: answers.equal(cell, want)
    if query not in UNORDERED:
        return answers.difference(got, peer.rows(sql), same)
    rows = {tuple(row) for row in peer.rows(sql.replace("LIMIT 10", ""))}
    if len(got) != min(10, len(rows)):
        return f"{len(got)} rows, expected {min(10, len(rows))}"
    strange = [row for row in got if tuple(row) not in rows]
    return f"no such row: {strange[0]}" if strange else None


def make_data(rows=ROWS, codec="zstd"):
    """Returns the folder with the table, generating it once under .build."""
    folder = ROOT / ".build" / (f"hits-{codec}" if rows == ROWS else f"hits-{rows}-{codec}")
    if not (folder / "complete").exists():
        import duckdb
        import pyarrow.parquet

        shutil.rmtree(folder, ignore_errors=True)
        (folder / "hits").mkdir(parents=True)
        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false")
        connection.execute(_pools(rows))
        for number, first in enumerate(range(0, rows, ROWS_IN_FILE)):
            last = min(first + ROWS_IN_FILE, rows)
            pyarrow.parquet.write_table(
                connection.sql(_visits(first, last)).to_arrow_table(),
                folder / "hits" / f"hits_{number:03}.parquet",
                compression=codec,
                compression_level=3 if codec == "zstd" else None,
                row_group_size=ROWS_IN_GROUP,
                write_page_index=True,
            )
        (folder / "complete").touch()
    return folder


def _pools(rows):
    """Returns the statements that make sites, pages, titles, phrases and users for so many visits.

    Chance is a hash of a row's number and of a number of its own for every column.
    """
    pages, titles, phrases, users = (max(rows // part, 500) for part in (5, 15, 16, 6))
    return f"""
    CREATE MACRO chance(row, salt) AS (hash(row * 1024 + salt) >> 11)::DOUBLE / 9007199254740992;
    CREATE MACRO pick(row, salt, count) AS (hash(row * 1024 + salt) % count::UBIGINT)::BIGINT;
    CREATE MACRO skewed(row, salt, count, power) AS
      least(floor(count * chance(row, salt) ** power)::BIGINT, count - 1);
    CREATE MACRO flag(row, salt, share) AS (chance(row, salt) < share)::SMALLINT;
    CREATE MACRO identity(row, salt) AS (hash(row * 1024 + salt) >> 1)::BIGINT;

    CREATE TABLE words AS SELECT id,
      array_to_string(list_transform(range(2 + pick(id, 1, 3)), lambda part:
        (['ka','re','mo','ti','lu','sa','ne','vo','da','pi','go','zu','be','fi','ho','ran','tor',
          'mis','del','kin'])[1 + pick(id * 8 + part, 2, 20)]), '') AS latin,
      array_to_string(list_transform(range(2 + pick(id, 3, 3)), lambda part:
        (['ка','ре','мо','ти','лу','са','не','во','да','пи','го','зу','бе','фи','хо','ран','тор',
          'мис','дел','кин','щи','жё'])[1 + pick(id * 8 + part, 4, 22)]), '') AS cyrillic
      FROM range(4000) AS numbers(id);
    SET VARIABLE latin = (SELECT list(latin ORDER BY id) FROM words);
    SET VARIABLE cyrillic = (SELECT list(cyrillic ORDER BY id) FROM words);
    CREATE MACRO latin(row, salt) AS getvariable('latin')[1 + pick(row, salt, 4000)];
    CREATE MACRO cyrillic(row, salt) AS getvariable('cyrillic')[1 + pick(row, salt, 4000)];

    -- A site owns a run of pages as long as it is popular; site 5 is the one the queries ask about.
    CREATE TABLE sites AS SELECT id,
      CASE id WHEN 5 THEN 62 ELSE 100 + id * 37 + pick(id, 10, 37) END::INTEGER AS counterid,
      CASE id WHEN 2500 THEN 'google.ru' WHEN 4000 THEN 'maps.google.com' ELSE
        if(id % 4 = 0, 'www.', '') || latin(id, 11) || '-' || latin(id, 12) || '.'
          || (['ru', 'com', 'net', 'ua', 'kz', 'org'])[1 + id % 6] END AS host,
      floor({pages} * (id / 6500) ** (1 / 3))::BIGINT AS first,
      greatest(floor({pages} * ((id + 1) / 6500) ** (1 / 3))::BIGINT - first, 1) AS pages
      FROM range(6500) AS numbers(id);
    CREATE TABLE pages AS SELECT number.id,
      if(kind = 3, 'https://', 'http://') || host || '/' || latin(number.id, 21)
        || if(kind >= 1, '/' || latin(number.id, 22) || '/' || latin(number.id, 23) || '.html', '')
        || if(kind >= 2, '?id=' || number.id * 7919 % 9999991 || '&ref=' || latin(number.id, 24)
            || '&sessionid=' || lower(hex(number.id * 104729 % 1000003)), '')
        || if(chance(number.id, 25) < 0.0006, '&utm_source=google', '') AS url,
      CASE number.id WHEN (SELECT first FROM sites WHERE id = 5) THEN 2868770270353813622
        ELSE identity(number.id, 26) END AS urlhash,
      CASE number.id WHEN {pages - 1} THEN 3594120000172545465 ELSE identity(number.id, 27) END AS refererhash
      FROM (SELECT id, pick(id, 20, 4) AS kind, floor((id / {pages}) ** 3 * 6500)::BIGINT AS site
            FROM range({pages}) AS numbers(id)) AS number JOIN sites ON sites.id = site;
    CREATE TABLE titles AS SELECT id,
      upper(words[1:1]) || words[2:] || if(chance(id, 31) < 0.003, ' - Google поиск', '') AS title
      FROM (SELECT id, array_to_string(list_transform(range(4 + pick(id, 30, 8)), lambda part:
              cyrillic(id * 16 + part, 32)), ' ') AS words FROM range({titles}) AS numbers(id));
    CREATE TABLE phrases AS SELECT id, CASE WHEN id = 0 THEN '' ELSE
        array_to_string(list_transform(range(1 + pick(id, 40, 5)), lambda part:
          if(chance(id * 8 + part, 41) < 0.6, cyrillic(id * 8 + part, 42), latin(id * 8 + part, 43))),
          ' ') || if(id % 3 = 0, ' ' || id, '') END AS searchphrase
      FROM range({phrases}) AS numbers(id);
    CREATE TABLE users AS SELECT id,
      CASE id WHEN 77 THEN 435090932899640449 ELSE identity(id, 50) END AS userid,
      if(chance(id, 51) < 0.35, 229, skewed(id, 52, 5000, 3) + 1)::INTEGER AS regionid,
      (hash(id // 2 * 1024 + 53) >> 32)::BIGINT - 2147483648 AS clientip,
      ([1366, 1366, 1366, 1920, 1920, 1280, 1280, 1024, 1680, 1440, 1600, 320, 768, 0])
        [1 + pick(id, 54, 14)]::SMALLINT AS width,
      (width * 9 // 16)::SMALLINT AS height,
      skewed(id, 55, 90, 3)::SMALLINT AS os, skewed(id, 56, 82, 3)::SMALLINT AS useragent,
      ([0, 0, 0, 16, 22, 26, 31, 39, 50, 55])[1 + pick(id, 57, 10)]::SMALLINT AS age,
      if(age = 0, 0, 1 + pick(id, 58, 2))::SMALLINT AS sex,
      if(chance(id, 59) < 0.055, skewed(id, 60, 130, 3) + 1, 0)::SMALLINT AS phone,
      pick(id, 61, 16384)::SMALLINT AS interests
      FROM range({users}) AS numbers(id);
    CREATE MACRO model(id) AS CASE WHEN id = 0 THEN '' WHEN id <= 10 THEN
        (['iPad', 'iPhone', 'A500', 'N8-00', 'Lumia 920', 'GT-I9300', 'HTC Desire', 'Xperia Z',
          'ST25i', 'MID'])[id] ELSE 'Model-' || id END;
    CREATE MACRO pages_count() AS {pages};
    CREATE MACRO titles_count() AS {titles};
    CREATE MACRO phrases_count() AS {phrases};
    CREATE MACRO users_count() AS {users};
    """


def _visits(first, last):
    """Returns the query of the visits with these numbers, in the order of their file."""
    return f"""
    WITH visits AS (
      SELECT id, skewed(id, 100, 6500, 3) AS site, skewed(id, 101, users_count(), 1.8) AS user_number,
        DATE '2013-07-01' + pick(id, 102, 31)::INTEGER AS eventdate,
        -- The sum of two hours makes the afternoon busy.
        3600 * ((pick(id, 103, 13) + pick(id, 104, 12) + 4) % 24) + pick(id, 105, 3600) AS second,
        CASE WHEN chance(id, 106) < 0.868 THEN 0
          ELSE skewed(id, 107, phrases_count() - 1, 2.2) + 1 END AS phrase,
        chance(id, 108) < 0.19 AS direct, chance(id, 109) < 0.35 AS within
      FROM range({first}, {last}) AS numbers(id)),
    linked AS (
      SELECT visits.*, counterid, sites.first + skewed(visits.id, 110, pages, 2.2) AS page,
        if(within, sites.first + skewed(visits.id, 111, pages, 1),
          pages_count() - 1 - skewed(visits.id, 112, pages_count(), 4)) AS source
      FROM visits JOIN sites ON sites.id = site)
    SELECT
      identity(linked.id, 120) AS watchid, flag(linked.id, 121, 0.72) AS javaenable, title,
      1::SMALLINT AS goodevent, eventdate + to_seconds(second) AS eventtime, eventdate, counterid,
      clientip::INTEGER AS clientip, regionid, userid, pages.url AS url,
      if(direct, '', sources.url) AS referer, flag(linked.id, 122, 0.13) AS isrefresh,
      width AS resolutionwidth, height AS resolutionheight, useragent,
      if(phone > 0, phone % 90 + 1, 0)::SMALLINT AS mobilephone, model(phone) AS mobilephonemodel,
      ([-1, -1, -1, -1, 0, 0, 1, 2, 3, 6])[1 + pick(linked.id, 123, 10)]::SMALLINT AS traficsourceid,
      CASE WHEN phrase > 0 THEN skewed(linked.id, 124, 60, 3) + 2
        WHEN chance(linked.id, 125) < 0.01 THEN 3 ELSE 0 END::SMALLINT AS searchengineid,
      searchphrase,
      if(chance(linked.id, 126) < 0.0063, ([2, 2, 2, 2, 2, 2, 27, 27, 13, 45, 44, 3, 62, 52, 50, 28])
        [1 + pick(linked.id, 127, 16)], 0)::SMALLINT AS advengineid,
      flag(linked.id, 128, 0.05) AS isartifical,
      greatest(width - pick(linked.id, 129, 12) ** 2, 0)::SMALLINT AS windowclientwidth,
      greatest(height - 90 - pick(linked.id, 130, 14) ** 2, 0)::SMALLINT AS windowclientheight,
      os, age, sex, flag(linked.id, 131, 0.02) AS islink, flag(linked.id, 132, 0.002) AS isdownload,
      flag(linked.id, 133, 0.6) AS isnotbounce, flag(linked.id, 134, 0.03) AS dontcounthits, interests,
      if(chance(linked.id, 135) < 0.97, '', model(skewed(linked.id, 136, 130, 2) + 1)) AS params,
      pages.urlhash, if(direct, 0, sources.refererhash) AS refererhash
    FROM linked JOIN pages ON pages.id = page JOIN pages AS sources ON sources.id = source
      JOIN titles ON titles.id = page // 3 % titles_count() JOIN phrases ON phrases.id = phrase
      JOIN users ON users.id = user_number
    ORDER BY counterid, eventdate, userid, eventtime, watchid
    """
