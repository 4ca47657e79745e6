ALTER TABLE "instances" ADD COLUMN "kots_install_id" text GENERATED ALWAYS AS (facts ->> 'kotsInstallId') STORED;--> statement-breakpoint
ALTER TABLE "anonymous_reports" ADD COLUMN "network" text;--> statement-breakpoint
CREATE INDEX "instances_kots_install_id_index" ON "instances" USING btree ("kots_install_id") WHERE kots_install_id is not null;--> statement-breakpoint
CREATE INDEX "anonymous_reports_network_index" ON "anonymous_reports" USING btree ("network") WHERE instance is null;