-- Od kiedy i gdzie działają partnerstwa? Z tekstu do jednostki terytorialnej z kodem TERC lub KATOTTH.
-- Since when and where do partnerships act? From a text to a territorial unit with its TERC or KATOTTH code.
SELECT
    coalesce(partnerships.name, partnerships.agreement) AS partnership,
    partnerships.founded,               -- as far as it is stated: 2012, 2016-09 or a whole date
    places.name AS place,
    places.code
FROM partnerships
LEFT JOIN record_places
    ON record_places."table" = 'partnerships'
    AND record_places.record_id = partnerships.partnership_id
    AND record_places.status = 'resolved'
LEFT JOIN places ON places.place_id = record_places.place_id
WHERE NOT partnerships.is_gone
ORDER BY partnerships.founded, partnership, places.code
