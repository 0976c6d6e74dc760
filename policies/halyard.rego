# The authorization policy that ships with Halyard.
#
# It answers one question at a time, as a document (docs/access.md):
#
#   input.checks  may the actor take all of these actions on these resources?      kind: always | never
#   input.list    of which resources may the actor take this action?               kind: always | when (filter) | never
#
# input.allow and input.deny hold, by action, every sentence of every role that somebody gave to the actor, whatever the resource:
#
#   {"scope": {…}, "resource": {…}, "when": {…}, "notBefore": 1767225600, "notAfter": 1798761600, "words": "role 'developer' …"}
#
# A sentence speaks of a resource if both its scope (of the assignment) and its resource (of the grant) do. What is denied is denied,
# whatever allows it; what nothing allows is denied.
package halyard

import rego.v1

default authz := {"kind": "never", "reasons": ["the question cannot be understood"]}

authz := decision if input.checks

authz := plan if input.list

# ---- Decisions -------------------------------------------------------------------------------------------------------

default decision := {"kind": "never", "reasons": ["nothing is asked"]}

decision := {"kind": "always", "reasons": [words | some words in permissions]} if {
	asks_something
	count(refusals) == 0
}

decision := {"kind": "never", "reasons": [words | some words in refusals]} if {
	count(refusals) > 0
}

asks_something if {
	count(input.checks) > 0
	every check in input.checks {
		count(check.actions) > 0
	}
}

refusals contains grant.words if {
	some check in input.checks
	some action in check.actions
	some grant in input.deny[action]
	not spares(grant, check)
}

refusals contains words if {
	some check in input.checks
	some action in check.actions
	not allowed(action, check)
	words := sprintf("no role of the actor allows %s%s", [action, place(check)])
}

permissions contains grant.words if {
	some check in input.checks
	some action in check.actions
	some grant in input.allow[action]
	applies(grant, check)
}

allowed(action, check) if {
	some grant in input.allow[action]
	applies(grant, check)
}

# An allow must be shown to apply: what is not known of the resource, the actor or the time does not help it.
applies(grant, check) if {
	in_force(grant)
	covers(grant.scope, check)
	covers(grant.resource, check)
	holds(grant.when)
}

# A deny must be shown not to apply.
spares(grant, _) if input.time < grant.notBefore

spares(grant, _) if input.time >= grant.notAfter

spares(grant, _) if {
	kinds := grant.when.actorKinds
	kind := input.actor.kind
	not kind in kinds
}

spares(grant, check) if {
	some pattern in [grant.scope, grant.resource]
	some limit, values in pattern
	leaves_out(limit, values, check)
}

in_force(grant) if {
	not input.time < grant.notBefore
	not input.time >= grant.notAfter
	is_number(input.time)
}

# ---- Resources -------------------------------------------------------------------------------------------------------

covers(pattern, check) if {
	every limit, values in pattern {
		reaches(limit, values, check)
	}
}

reaches("projects", values, check) if check.resource.project in values

reaches("environments", values, check) if check.resource.environment in values

reaches("environmentTypes", values, check) if check.resource.environmentType in values

reaches("kinds", values, check) if check.resource.kind in values

reaches("tags", values, check) if {
	some tag in check.resource.tags
	tag in values
}

# A request that was refused before its effects were known: something in the project may be allowed.
reaches(limit, _, check) if {
	check.partial
	limit != "projects"
}

leaves_out("projects", values, check) if {
	project := check.resource.project
	not project in values
}

leaves_out("environments", values, check) if {
	environment := check.resource.environment
	not environment in values
}

leaves_out("environmentTypes", values, check) if {
	type := check.resource.environmentType
	not type in values
}

leaves_out("kinds", values, check) if {
	kind := check.resource.kind
	not kind in values
}

leaves_out("tags", values, check) if {
	tags := check.resource.tags
	every tag in tags {
		not tag in values
	}
}

leaves_out(limit, _, check) if {
	check.partial
	limit != "projects"
}

place(check) := concat("", [
	" on ",
	check.resource.kind,
	named("", check.resource.key),
	named(" in environment", check.resource.environment),
	named(" of project", check.resource.project),
])

named(_, "") := ""

named(words, name) := sprintf("%s '%s'", [words, name]) if name != ""

# ---- Conditions ------------------------------------------------------------------------------------------------------

holds(conditions) if {
	every condition, wanted in conditions {
		met(condition, wanted)
	}
}

met("ticket", true) if trim_space(input.ticket) != ""

met("incident", true) if trim_space(input.incident) != ""

met("actorKinds", kinds) if input.actor.kind in kinds

met("acr", levels) if input.actor.acr in levels

# Clocks of two machines may differ by a minute.
met("maxAgeSeconds", most) if {
	age := input.time - input.actor.authTime
	age <= most
	age >= -60
}

# ---- Lists -----------------------------------------------------------------------------------------------------------

default plan := {"kind": "never", "reasons": ["nothing is asked"]}

plan := {"kind": "never", "reasons": [sprintf("no role of the actor allows %s", [input.list.action])]} if {
	input.list.action
	count(shown) == 0
}

plan := {"kind": "always", "reasons": []} if shows_everything

plan := {"kind": "when", "reasons": [], "filter": filter} if {
	count(shown) > 0
	not shows_everything
}

shows_everything if {
	count(hidden) == 0
	{"op": "all", "of": []} in shown
}

filter := {"op": "all", "of": [
	{"op": "any", "of": [terms | some terms in shown]},
	{"op": "not", "of": {"op": "any", "of": [terms | some terms in hidden]}},
]}

shown contains terms(grant) if {
	some grant in input.allow[input.list.action]
	in_force(grant)
	holds(grant.when)
}

hidden contains terms(grant) if {
	some grant in input.deny[input.list.action]
	not spares_now(grant)
}

spares_now(grant) if input.time < grant.notBefore

spares_now(grant) if input.time >= grant.notAfter

spares_now(grant) if {
	kinds := grant.when.actorKinds
	kind := input.actor.kind
	not kind in kinds
}

terms(grant) := {"op": "all", "of": [term |
	some pattern in [grant.scope, grant.resource]
	some limit, values in pattern
	term := {"op": "within", "limit": limit, "values": values}
]}
