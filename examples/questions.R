# Trzy pytania do danych, w R. Three questions to the data, in R.
#
# After `make demo`, in the project folder: Rscript examples/questions.R
# Needs the package arrow. (nanoparquet 0.5 or newer reads the same files: nanoparquet::read_parquet.)
# The project's tests run it where R is installed, with a stand-in for arrow::read_parquet.

table_of <- function(name, folder = "demo-data/datasets/latest") {
  as.data.frame(arrow::read_parquet(file.path(folder, paste0(name, ".parquet"))))
}

practices <- table_of("practices")
there <- practices[!practices$is_gone, ]

# 1. Where are the practices, and how many people live in those units? (NA: no unit there states a number)
practice_count <- table(there$voivodeship, useNA = "ifany")
inhabitants <- tapply(as.numeric(there$population), there$voivodeship, function(x) if (all(is.na(x))) NA else sum(x, na.rm = TRUE))
print(sort(practice_count, decreasing = TRUE))
print(inhabitants)

# 2. What do small gminas work on, and what large cities?
class_of_unit <- as.character(cut(
  there$population,
  c(0, 20000, 100000, Inf),
  labels = c("under 20 000", "20 000 to 99 999", "100 000 and more"),
  right = FALSE
))
class_of_unit[is.na(class_of_unit)] <- "not stated"
section <- ifelse(is.na(there$section), "not stated", there$section)
print(table(section, class_of_unit))

# 3. Since when and where do partnerships act?
partnerships <- table_of("partnerships")
links <- table_of("record_places")
links <- links[links$table == "partnerships" & links$status == "resolved", c("record_id", "place_id")]
places <- table_of("places")[, c("place_id", "name", "code")]
names(places)[2] <- "place"
found <- merge(partnerships[!partnerships$is_gone, ], links, by.x = "partnership_id", by.y = "record_id", all.x = TRUE)
found <- merge(found, places, by = "place_id", all.x = TRUE)
found$partnership <- ifelse(is.na(found$name), found$agreement, found$name)
print(found[order(found$founded, found$partnership), c("partnership", "founded", "place", "code")], row.names = FALSE)
