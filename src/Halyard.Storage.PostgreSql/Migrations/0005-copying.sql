-- While there is a row the store is the target of a copy that is not whole; nobody but the copy of this name opens it.
CREATE TABLE copying (
  name text NOT NULL
);
