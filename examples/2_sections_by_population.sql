-- Czym zajmują się małe gminy, a czym duże miasta? Praktyki według liczby mieszkańców i działu bazy.
-- What do small gminas work on, and what large cities? Practices by population and section of the base.
SELECT
    CASE
        WHEN population < 20000 THEN 'under 20 000'
        WHEN population < 100000 THEN '20 000 to 99 999'
        WHEN population >= 100000 THEN '100 000 and more'
        ELSE 'not stated'
    END AS inhabitants,
    coalesce(section, 'not stated') AS section,
    count(*) AS practices
FROM practices
WHERE NOT is_gone
GROUP BY ALL
ORDER BY practices DESC, inhabitants, section
