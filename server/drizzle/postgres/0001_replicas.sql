CREATE TABLE "replica_instances" (
	"replica_id" text COLLATE "C" NOT NULL,
	"environment_id" text COLLATE "C" NOT NULL,
	"instance_id" text COLLATE "C" NOT NULL,
	"present" boolean NOT NULL,
	"view" text COLLATE "C" NOT NULL,
	CONSTRAINT "replica_instances_replica_id_environment_id_instance_id_pk" PRIMARY KEY("replica_id","environment_id","instance_id")
);
--> statement-breakpoint
CREATE TABLE "replica_spreads" (
	"environment_id" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"replica_id" text COLLATE "C" NOT NULL,
	"count" text COLLATE "C" NOT NULL,
	"told_at" bigint NOT NULL,
	CONSTRAINT "replica_spreads_environment_id_version_replica_id_pk" PRIMARY KEY("environment_id","version","replica_id")
);
--> statement-breakpoint
CREATE TABLE "replicas" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"started_at" bigint NOT NULL,
	"seen_at" bigint NOT NULL,
	"version" text COLLATE "C" NOT NULL,
	"beats" bigint NOT NULL,
	"presence" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "replica_instances" ADD CONSTRAINT "replica_instances_replica_id_replicas_id_fk" FOREIGN KEY ("replica_id") REFERENCES "public"."replicas"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "replica_instances_environment" ON "replica_instances" USING btree ("environment_id");--> statement-breakpoint
CREATE INDEX "replica_instances_instance" ON "replica_instances" USING btree ("instance_id");--> statement-breakpoint
CREATE INDEX "replica_spreads_told_at" ON "replica_spreads" USING btree ("told_at");