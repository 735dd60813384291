CREATE TABLE "announcements" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"text" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"hint" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint,
	"expires_at" bigint,
	CONSTRAINT "api_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"chain" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"at" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"subject" text COLLATE "C" NOT NULL,
	"detail" text COLLATE "C" NOT NULL,
	"previous" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	CONSTRAINT "audit_chain_seq_pk" PRIMARY KEY("chain","seq")
);
--> statement-breakpoint
CREATE TABLE "change_objects" (
	"change_id" text COLLATE "C" NOT NULL,
	"project_id" text COLLATE "C",
	"seq" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	CONSTRAINT "change_objects_change_id_kind_key_pk" PRIMARY KEY("change_id","kind","key")
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"project_id" text COLLATE "C",
	"seq" bigint NOT NULL,
	"at" bigint NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"comment" text COLLATE "C",
	"versions" text COLLATE "C" NOT NULL,
	"effects" text COLLATE "C" NOT NULL,
	"reverts" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "environments" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"project_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	"protected" boolean NOT NULL,
	"expires_at" bigint,
	"created_at" bigint NOT NULL,
	"deleted_at" bigint,
	"version" bigint NOT NULL,
	"digest" text COLLATE "C" NOT NULL,
	"bytes" bigint NOT NULL,
	"committed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flag_settings" (
	"environment_id" text COLLATE "C" NOT NULL,
	"flag" text COLLATE "C" NOT NULL,
	"enabled" boolean NOT NULL,
	"off" text COLLATE "C",
	"rules" text COLLATE "C" NOT NULL,
	"default" text COLLATE "C" NOT NULL,
	"seed" text COLLATE "C" NOT NULL,
	CONSTRAINT "flag_settings_environment_id_flag_pk" PRIMARY KEY("environment_id","flag")
);
--> statement-breakpoint
CREATE TABLE "flags" (
	"project_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"description" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"variants" text COLLATE "C" NOT NULL,
	"tags" text COLLATE "C" NOT NULL,
	"owner" text COLLATE "C",
	"client_visible" boolean NOT NULL,
	"metadata" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"archived_at" bigint,
	"changed_at" bigint NOT NULL,
	"changed_by" text COLLATE "C" NOT NULL,
	CONSTRAINT "flags_project_id_key_pk" PRIMARY KEY("project_id","key")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"actor" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"body_hash" text COLLATE "C" NOT NULL,
	"status" bigint NOT NULL,
	"body" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "idempotency_actor_key_pk" PRIMARY KEY("actor","key")
);
--> statement-breakpoint
CREATE TABLE "meta" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"deleted_at" bigint
);
--> statement-breakpoint
CREATE TABLE "receipts" (
	"environment_id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"summary" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "receipts_environment_id_version_pk" PRIMARY KEY("environment_id","version")
);
--> statement-breakpoint
CREATE TABLE "ruleset_bases" (
	"environment_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"state" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ruleset_log" (
	"environment_id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"digest" text COLLATE "C" NOT NULL,
	"put" text COLLATE "C" NOT NULL,
	"remove" text COLLATE "C" NOT NULL,
	"change_id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "ruleset_log_environment_id_version_pk" PRIMARY KEY("environment_id","version")
);
--> statement-breakpoint
CREATE TABLE "ruleset_objects" (
	"environment_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"h" text COLLATE "C" NOT NULL,
	"def" text COLLATE "C" NOT NULL,
	CONSTRAINT "ruleset_objects_environment_id_kind_key_pk" PRIMARY KEY("environment_id","kind","key")
);
--> statement-breakpoint
CREATE TABLE "sdk_keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"environment_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"hint" text COLLATE "C" NOT NULL,
	"origins" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"last_used_at" bigint,
	"expires_at" bigint,
	CONSTRAINT "sdk_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "segment_settings" (
	"environment_id" text COLLATE "C" NOT NULL,
	"segment" text COLLATE "C" NOT NULL,
	"condition" text COLLATE "C" NOT NULL,
	CONSTRAINT "segment_settings_environment_id_segment_pk" PRIMARY KEY("environment_id","segment")
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"project_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"description" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "segments_project_id_key_pk" PRIMARY KEY("project_id","key")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"seen_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_hours" (
	"environment_id" text COLLATE "C" NOT NULL,
	"flag" text COLLATE "C" NOT NULL,
	"hour" bigint NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "usage_hours_environment_id_flag_hour_pk" PRIMARY KEY("environment_id","flag","hour")
);
--> statement-breakpoint
CREATE TABLE "usage_last" (
	"environment_id" text COLLATE "C" NOT NULL,
	"flag" text COLLATE "C" NOT NULL,
	"last_at" bigint NOT NULL,
	CONSTRAINT "usage_last_environment_id_flag_pk" PRIMARY KEY("environment_id","flag")
);
--> statement-breakpoint
CREATE TABLE "usage_unknown" (
	"environment_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"count" bigint NOT NULL,
	"last_at" bigint NOT NULL,
	CONSTRAINT "usage_unknown_environment_id_key_pk" PRIMARY KEY("environment_id","key")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"email" text COLLATE "C" NOT NULL,
	"password_hash" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
ALTER TABLE "change_objects" ADD CONSTRAINT "change_objects_change_id_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."changes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "environments" ADD CONSTRAINT "environments_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flag_settings" ADD CONSTRAINT "flag_settings_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flags" ADD CONSTRAINT "flags_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ruleset_bases" ADD CONSTRAINT "ruleset_bases_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ruleset_log" ADD CONSTRAINT "ruleset_log_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ruleset_objects" ADD CONSTRAINT "ruleset_objects_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sdk_keys" ADD CONSTRAINT "sdk_keys_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segment_settings" ADD CONSTRAINT "segment_settings_environment_id_environments_id_fk" FOREIGN KEY ("environment_id") REFERENCES "public"."environments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segments" ADD CONSTRAINT "segments_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "change_objects_key" ON "change_objects" USING btree ("project_id","kind","key","seq");--> statement-breakpoint
CREATE INDEX "changes_seq" ON "changes" USING btree ("project_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "environments_key" ON "environments" USING btree ("project_id","key") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "idempotency_at" ON "idempotency" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "projects_key" ON "projects" USING btree ("key") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "sdk_keys_environment" ON "sdk_keys" USING btree ("environment_id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "usage_hours_hour" ON "usage_hours" USING btree ("hour");