-- Gdzie są praktyki? Ile ich jest w każdym województwie i ilu mieszkańców mają te jednostki?
-- Where are the practices? How many in each voivodeship, and how many people live in those units?
SELECT
    voivodeship,
    count(*) AS practices,
    count(population) AS with_population,
    sum(population) AS inhabitants
FROM practices
WHERE NOT is_gone                       -- what the publisher still shows
GROUP BY voivodeship
ORDER BY practices DESC, voivodeship
