CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`hash` text NOT NULL,
	`hint` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`expires_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_hash_unique` ON `api_tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `audit` (
	`chain` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`actor` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`chain`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `change_objects` (
	`change_id` text NOT NULL,
	`project_id` text,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`change_id`, `kind`, `key`),
	FOREIGN KEY (`change_id`) REFERENCES `changes`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `change_objects_key` ON `change_objects` (`project_id`,`kind`,`key`,`seq`);--> statement-breakpoint
CREATE TABLE `changes` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`comment` text,
	`versions` text NOT NULL,
	`effects` text NOT NULL,
	`reverts` text,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `changes_seq` ON `changes` (`project_id`,`seq`);--> statement-breakpoint
CREATE TABLE `environments` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`protected` integer NOT NULL,
	`expires_at` integer,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	`version` integer NOT NULL,
	`digest` text NOT NULL,
	`bytes` integer NOT NULL,
	`committed_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `environments_key` ON `environments` (`project_id`,`key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE TABLE `flag_settings` (
	`environment_id` text NOT NULL,
	`flag` text NOT NULL,
	`enabled` integer NOT NULL,
	`off` text,
	`rules` text NOT NULL,
	`default` text NOT NULL,
	`seed` text NOT NULL,
	PRIMARY KEY(`environment_id`, `flag`),
	FOREIGN KEY (`environment_id`) REFERENCES `environments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `flags` (
	`project_id` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`type` text NOT NULL,
	`kind` text NOT NULL,
	`variants` text NOT NULL,
	`tags` text NOT NULL,
	`owner` text,
	`client_visible` integer NOT NULL,
	`metadata` text NOT NULL,
	`created_at` integer NOT NULL,
	`archived_at` integer,
	`changed_at` integer NOT NULL,
	`changed_by` text NOT NULL,
	PRIMARY KEY(`project_id`, `key`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`actor` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`status` integer NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`actor`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_at` ON `idempotency` (`at`);--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `projects_key` ON `projects` (`key`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE TABLE `receipts` (
	`environment_id` text NOT NULL,
	`version` integer NOT NULL,
	`summary` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `ruleset_bases` (
	`environment_id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`state` text NOT NULL,
	FOREIGN KEY (`environment_id`) REFERENCES `environments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `ruleset_log` (
	`environment_id` text NOT NULL,
	`version` integer NOT NULL,
	`digest` text NOT NULL,
	`put` text NOT NULL,
	`remove` text NOT NULL,
	`change_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `version`),
	FOREIGN KEY (`environment_id`) REFERENCES `environments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `ruleset_objects` (
	`environment_id` text NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`h` text NOT NULL,
	`def` text NOT NULL,
	PRIMARY KEY(`environment_id`, `kind`, `key`),
	FOREIGN KEY (`environment_id`) REFERENCES `environments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `sdk_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`environment_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`hint` text NOT NULL,
	`origins` text,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`expires_at` integer,
	FOREIGN KEY (`environment_id`) REFERENCES `environments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sdk_keys_hash_unique` ON `sdk_keys` (`hash`);--> statement-breakpoint
CREATE INDEX `sdk_keys_environment` ON `sdk_keys` (`environment_id`);--> statement-breakpoint
CREATE TABLE `segment_settings` (
	`environment_id` text NOT NULL,
	`segment` text NOT NULL,
	`condition` text NOT NULL,
	PRIMARY KEY(`environment_id`, `segment`),
	FOREIGN KEY (`environment_id`) REFERENCES `environments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `segments` (
	`project_id` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `key`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `usage_hours` (
	`environment_id` text NOT NULL,
	`flag` text NOT NULL,
	`hour` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `flag`, `hour`)
);
--> statement-breakpoint
CREATE INDEX `usage_hours_hour` ON `usage_hours` (`hour`);--> statement-breakpoint
CREATE TABLE `usage_last` (
	`environment_id` text NOT NULL,
	`flag` text NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `flag`)
);
--> statement-breakpoint
CREATE TABLE `usage_unknown` (
	`environment_id` text NOT NULL,
	`key` text NOT NULL,
	`count` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`environment_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);